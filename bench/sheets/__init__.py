"""表格基准: reading and writing a roster of 28 columns, ours beside the libraries that a user could pick."""
