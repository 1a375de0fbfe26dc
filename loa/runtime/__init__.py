"""Starts MongoDB, a broker and the services on a bare machine. Knows processes, not the domain."""
