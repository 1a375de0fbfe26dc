"""What tests and benches stand on: real servers and services as processes, a whole system of them, and citizens who write."""
