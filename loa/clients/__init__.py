"""Files of a province's own systems on their way into Loa: read in pieces, sent in chunks."""
