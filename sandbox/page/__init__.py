"""The chat page on which a person plays citizens and officers: NiceGUI elements, and nothing that the fake Zalo needs."""
