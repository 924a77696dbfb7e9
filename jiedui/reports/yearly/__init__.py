"""年度报告: one pair's yearly report; `gather` reads results, `content` is what it says, `pdf` and `word` print it."""
