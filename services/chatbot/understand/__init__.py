"""Citizens' Vietnamese, understood: pure, deterministic, explainable, trained from content alone. Nothing here answers or asks."""
