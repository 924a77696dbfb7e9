"""机器: what the tests need of the machine: a browser, and the PostgreSQL of the system."""
