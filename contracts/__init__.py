"""What the services say to each other: frozen events. May import pydantic and the standard library, nothing else."""
