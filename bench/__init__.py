"""What is measured, and how. Ratios in one run; CPU-milliseconds beside wall time."""
