"""快照: frozen Parquet with a digest, its schema, writer and readers.

Owns the one input of every engine. Refuses identity numbers, names and phones.
"""
