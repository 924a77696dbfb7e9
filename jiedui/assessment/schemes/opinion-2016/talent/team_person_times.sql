-- id: talent.team_person_times
-- name_zh: 组团式帮扶人次
-- name_en: Person-times of support teams
-- duty: talent.2
-- clause: 九
-- unit: person-times
-- side: donor
-- direction: higher
-- aggregate: sum(amount)
-- subject: support_team
-- period: year
-- reported: support_team
-- rule_zh: 当年组团式帮扶各队的人次之和；与人数分列，只列示，不计分。
-- rule_en: Person-times of the year's support teams; apart from persons, shown and not scored.
SELECT t.pairing_id, 'support_team' AS row_table, t.support_team_id AS row_id, t.region_code,
       t.started_on AS happened_on, t.person_times AS amount, t.support_team_id AS subject
FROM support_team AS t
JOIN responsibility AS r
  ON r.pairing_id = t.pairing_id AND r.place_code = left(t.region_code, 6)
  AND t.started_on >= r.valid_from AND t.started_on < r.valid_to
WHERE t.started_on BETWEEN $year_start AND $year_end
