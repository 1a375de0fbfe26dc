"""Forms as files: printed from our own templates, named and cached."""
