"""Receives Zalo's webhooks: proves their origin, seals their content, and answers once the event is durable."""
