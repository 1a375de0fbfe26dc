"""MongoDB, a broker and the houses, started on a bare machine by the project. Knows processes, not the domain."""
