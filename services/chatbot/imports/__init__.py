"""Imported files, row by row: what a row must be, why one is refused, and how it is kept."""
