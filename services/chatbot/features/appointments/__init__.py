"""Appointments: booking a seat, confirming it, giving it back, and the waiting list."""
