"""What an administrator or Zalo's verifier sees in a browser: server-rendered, in Vietnamese, without secrets or scripts."""
