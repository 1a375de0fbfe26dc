"""Traffic fines by plate, opened only with a proof of ownership."""
