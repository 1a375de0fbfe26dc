"""The house that converses: it understands citizens' questions, answers from content, and runs their errands."""
