-- id: poverty.exited_persons
-- name_zh: 当年脱贫人口
-- name_en: Persons who left poverty in the year
-- duty: assessment.2
-- clause: 十四
-- unit: persons
-- side: recipient
-- direction: higher
-- aggregate: count_distinct(subject)
-- subject: person
-- period: year
-- reported: household_year
-- uses: exited_person
-- rule_zh: 被帮扶方当年脱贫户的成员，每人只计一次；年内又返贫或被更正的不计。
-- rule_en: Members of households that left poverty in the year, each person once; not those whose household fell back or was corrected within the year.
SELECT pairing_id, 'status_change' AS row_table, status_change_id AS row_id, region_code, changed_on AS happened_on,
       NULL AS amount, person_id AS subject
FROM exited_person
