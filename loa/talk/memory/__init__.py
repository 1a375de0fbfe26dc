"""What the chatbot's effects are answered with in memory: one module per subject, each with a table of handlers."""
