"""One folder per errand, with the same rooms in each: effects, flow, store, remote, rows, api, jobs."""
