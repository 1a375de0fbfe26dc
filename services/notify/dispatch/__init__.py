"""From the ledger to Zalo: which message is next, how fast, what happened, and how the result is stored."""
