"""The services. Each has the same files; a service never imports another: they meet on the log."""
