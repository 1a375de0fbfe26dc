"""Answers citizens: understands their questions, answers from content, and carries out their errands."""
