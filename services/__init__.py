"""What each house decides. The same rooms in each; a house never imports a neighbour: they meet on the log."""
