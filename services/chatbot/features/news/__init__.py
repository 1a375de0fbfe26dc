"""News: articles to read and topics to subscribe to."""
