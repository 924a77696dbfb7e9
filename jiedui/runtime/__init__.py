"""运行环境: settings from the environment, the embedded PostgreSQL, keys, logging, progress.

Owns how the program starts and stops. Refuses any word of the domain.
"""
