"""Seats and the waiting list in MongoDB."""
