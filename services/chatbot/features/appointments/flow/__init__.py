"""The steps of booking, confirming and managing an appointment. Pure."""
