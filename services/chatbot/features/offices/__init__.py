"""Offices: where they are, when they open, which is near."""
