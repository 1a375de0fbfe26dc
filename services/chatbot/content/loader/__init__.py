"""Reads a content directory into one snapshot, with every fault named by file and line, in Vietnamese."""
