-- id: poverty.relapsed_persons
-- name_zh: 当年返贫人口
-- name_en: Persons who fell back into poverty in the year
-- duty: goal.1
-- clause: 二
-- unit: persons
-- side: recipient
-- direction: lower
-- aggregate: count_distinct(subject)
-- subject: person
-- period: year
-- reported: household_year
-- rule_zh: 当年返贫户的成员，每人只计一次。
-- rule_en: Members of households that fell back in the year, each person once.
SELECT r.pairing_id, 'status_change' AS row_table, s.status_change_id AS row_id, s.region_code,
       s.changed_on AS happened_on, NULL AS amount, p.person_id AS subject
FROM status_change AS s
JOIN responsibility AS r
  ON r.place_code = left(s.region_code, 6) AND s.changed_on >= r.valid_from AND s.changed_on < r.valid_to
JOIN person AS p
  ON p.household_id = s.household_id AND p.joined_on <= s.changed_on
  AND (p.left_on IS NULL OR p.left_on > s.changed_on)
WHERE s.kind = 'relapse' AND s.changed_on BETWEEN $year_start AND $year_end
