"""记录: what people report, who may see it, and the verbs that write it.

Owns the database of facts. Refuses computed numbers: those live in results.

Doors: `models` (each table, `User`, `RoleGrant`), `access` (`sight_of`, `database_scope`, `signed`; `visible_to` on
every query), `loading.load_tables`, `actions.access` and `actions.pairing` (the verbs that write), `queries` (what
pages ask; `queries.frozen` for snapshots).
"""
