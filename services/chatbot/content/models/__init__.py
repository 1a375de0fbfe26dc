"""The shapes of content files: frozen, nothing unknown allowed, every text within what Zalo can carry."""
