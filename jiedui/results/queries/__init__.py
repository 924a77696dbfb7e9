"""读取结果: what pages and reports ask of runs, proposals, values and findings."""
