"""页面: one file per page; a page reads, arranges and prints, and computes no number of its own."""
