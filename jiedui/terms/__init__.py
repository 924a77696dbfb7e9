"""术语: division codes with history and the one name resolver, periods, money, pairs, schemes, identity, code lists.

Owns the words that every other room uses. Refuses rules, storage and policy.

Doors: `divisions` (`Division`, `Gazetteer`, `prefix`), `names.Resolver`, `pairs` (`Pairing`, `pair_level`),
`scope.Scope`, `money`, `periods`, `identity`, `occupations.Occupations`, `codelists`.
"""
