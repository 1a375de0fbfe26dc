"""The steps of who authorises and of who is invited. Pure."""
