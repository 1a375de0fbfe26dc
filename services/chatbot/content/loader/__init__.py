"""Reads a content directory: one snapshot, and every fault by file and line, in Vietnamese."""
