"""The OAs and apps we serve: stored in MongoDB with sealed secrets, cached in memory, changed through the API."""
