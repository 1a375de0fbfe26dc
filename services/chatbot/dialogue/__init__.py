"""The dialogue engine: turns, state, effects, flows and messages. It knows no errand."""
