"""匹配基准: the engine beside the libraries that a user could pick, on the same synthetic markets."""
