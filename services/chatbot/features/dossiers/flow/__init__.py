"""The steps of proving, looking up, withdrawing and forwarding a dossier. Pure."""
