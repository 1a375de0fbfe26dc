"""The rooms that know MongoDB: the spool, the registry, the rejects. Bounded in time; every fault is blamed."""
