"""From the ledger to Zalo: who goes next, how fast, what happened, and how it is written down."""
