"""Zalo as it behaves, on this machine: OAuth, OpenAPI, webhooks, faults, and a chat page to play citizens on."""
