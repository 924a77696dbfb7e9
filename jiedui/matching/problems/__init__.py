"""匹配问题: one module per area that turns a snapshot into a market and the solution into proposals."""
