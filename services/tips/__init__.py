"""Takes tips: holds the floor after `#tinbao`, and stores what reporters send so that only officers can read it."""
