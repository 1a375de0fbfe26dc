"""The house that takes tips: it holds the floor after `#tinbao` and keeps what it is told so that only officers can read it."""
