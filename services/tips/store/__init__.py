"""What tips stores: cases, their sealed pieces and files, and, apart from them, who reported."""
