"""Messages that are due later, stored sealed until they are published."""
