"""Clients of the services' APIs: files of a province's own systems are read row by row and sent in chunks."""
