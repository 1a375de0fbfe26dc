"""What the gateway stores in MongoDB: spool, registry, quarantine. Bounded in time; every error is translated."""
