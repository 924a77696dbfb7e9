"""导入: spreadsheets of offices into the register, compared first, written whole, taken back whole.

The way of a file, each step a file of this folder::

    forms (what a roster may say)  →  headers (its columns)  →  cells (typed columns, refusals)  →  checks (rules)
    →  staging (sealed in the state folder)  →  difference (against roster, what the register says)
    →  writing (one transaction)  →  undoing

Owns no rule: those are in `policy.rules.poverty_roster`, how grave each is in the parameters. Nothing is written
before a person decides (`actions.importing`); the steps run in the background (`jobs.importing`).
"""
