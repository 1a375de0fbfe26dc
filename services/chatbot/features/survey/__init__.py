"""Surveys: stars and a word after an answer, and the survey of a period."""
