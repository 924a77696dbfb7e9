-- id: talent.team_persons
-- name_zh: 组团式帮扶人数
-- name_en: Members of support teams
-- duty: talent.2
-- clause: 九
-- unit: person-times
-- side: donor
-- direction: higher
-- aggregate: sum(amount)
-- subject: support_team
-- period: year
-- reported: support_team
-- rule_zh: 当年组团式帮扶各队的人数之和；同一人可在两队，所以不是去重人数。
-- rule_en: Members of the year's support teams, added up over teams; one person may be in two teams, so this is not a count of distinct persons.
SELECT t.pairing_id, 'support_team' AS row_table, t.support_team_id AS row_id, t.region_code,
       t.started_on AS happened_on, t.persons AS amount, t.support_team_id AS subject
FROM support_team AS t
JOIN responsibility AS r
  ON r.pairing_id = t.pairing_id AND r.place_code = left(t.region_code, 6)
  AND t.started_on >= r.valid_from AND t.started_on < r.valid_to
WHERE t.started_on BETWEEN $year_start AND $year_end
