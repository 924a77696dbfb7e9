"""作业: the wiring between rooms and the command line.

Owns the order of steps. Refuses web.

Doors: `cli.main` (the command `jiedui`; each command in `commands`), and the steps it runs: `freezing.freeze`,
`matching.match`, `assessing.assess`, `checking.check`, `reporting.write_reports`, `databases.migrate`, `demo.run`.
"""
