"""What the events promise to their consumers: frozen JSON Schemas, their comparison, and the AsyncAPI page."""
