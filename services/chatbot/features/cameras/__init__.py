"""Traffic cameras: which there are, and the latest picture."""
