"""Handlers of look-up effects, each with an embedded and an HTTP source; imports, proof limits."""
