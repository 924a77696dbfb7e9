"""基准: measurements that people read, not tests that pass or fail. Nothing of the product imports this."""
