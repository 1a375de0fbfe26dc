"""What look-ups keep in MongoDB: imported datasets, last known answers, failed proofs."""
