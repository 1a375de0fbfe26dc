"""The system as specification: mirrors the tree; real servers where the parts meet, doubles only where the double is proven."""
