"""One citizen lets another follow a dossier: invitations, grants and their end."""
