"""The flows of the owner who authorises and of the invited person. Pure."""
