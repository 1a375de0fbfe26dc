"""Dossiers: status after a step-up, history, withdrawal, return by post, and subscriptions."""
