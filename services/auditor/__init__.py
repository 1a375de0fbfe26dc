"""The auditor: chains what the services record about looks at personal data, and signs where the chain stands."""
