"""Errands: one file each, a small table of steps. Pure: they yield questions and return outcomes."""
