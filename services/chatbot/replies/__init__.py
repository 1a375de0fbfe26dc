"""Answers that belong to no errand: procedures, small talk, emergencies, buttons, free text."""
