"""全国汇总表: all pairs of one assessment; `gather` reads results, `content` is what it says, `workbook` prints it."""
