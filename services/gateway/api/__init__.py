"""The HTTP API for operators: the register of OAs, and quarantined webhooks."""
