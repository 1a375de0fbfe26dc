"""The OAs and apps we serve: kept in MongoDB with sealed secrets, known in memory, changed through the API."""
