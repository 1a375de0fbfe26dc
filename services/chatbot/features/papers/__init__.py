"""Papers that a citizen keeps with the OA: filed, listed, sent again, removed."""
