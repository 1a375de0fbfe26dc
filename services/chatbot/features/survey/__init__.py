"""Surveys: stars and a comment after an answer, and the survey of a period."""
