"""Finds wards, offices, cameras, fines and catalogue names in what citizens type."""
