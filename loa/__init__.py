"""The `loa` command, and the embedded runtime behind `make up`."""
