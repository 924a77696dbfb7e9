"""花名册检索: how fast officers find people among three million under row-level security; `run` measures."""
