"""Exam scores by candidate number."""
