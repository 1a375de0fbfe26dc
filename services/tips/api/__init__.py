"""The HTTP API of tips: a case as it is stored, sealed."""
