"""匹配页面: how fast the pages about a run of a million proposals answer; `run` measures."""
