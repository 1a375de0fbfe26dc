"""One file per sub-command; each exposes `command`, and `loa/__main__.py` finds them by name."""
