"""模拟: a synthetic country on the real poor counties, for the demo, tests and benchmarks.

Owns made-up people. Refuses real ones.
"""
