"""The models of content files: frozen, without unknown fields, every text within Zalo's limits."""
