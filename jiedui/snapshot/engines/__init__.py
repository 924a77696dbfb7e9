"""引擎: what can run SQL over a snapshot."""
