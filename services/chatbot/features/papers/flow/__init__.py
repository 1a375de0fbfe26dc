"""The steps of listing and managing kept papers. Pure."""
