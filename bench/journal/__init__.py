"""Benchmarks of the journal and of the cipher suites."""
