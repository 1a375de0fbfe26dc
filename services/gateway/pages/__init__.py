"""What a person or Zalo's verifier sees in a browser: server-rendered, in Vietnamese, without a secret and without a script."""
