"""What the services say: frozen facts. May import pydantic and the standard library, nothing else."""
