"""Imported dossiers, their history and their subscribers in MongoDB."""
