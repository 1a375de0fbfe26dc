"""One folder per errand, with the same files in each: effects, flow, store, remote, rows, api, jobs."""
