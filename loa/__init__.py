"""What people type: the `loa` command and the embedded runtime behind `make up`."""
