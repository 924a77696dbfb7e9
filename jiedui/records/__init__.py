"""记录: what people report, who may see it, and the verbs that write it.

Owns the database of facts. Refuses computed numbers: those live in results.
"""
