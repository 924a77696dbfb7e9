-- id: labour.schooling
-- name_zh: 到东部接受职业教育的贫困家庭子女
-- name_en: Children of poor families in the donor's schools
-- duty: labour.6
-- clause: 八
-- unit: persons
-- side: donor
-- direction: higher
-- aggregate: count_distinct(subject)
-- subject: person
-- period: as_of
-- reported: schooling
-- rule_zh: 经本结对关系在帮扶方学校就读、当年入学或仍在读的学生，每人只计一次。
-- rule_en: Pupils of the pair in the donor's schools who enrolled in the year, or enrolled before and are still there, each person once.
SELECT s.pairing_id, 'schooling' AS row_table, s.schooling_id AS row_id, s.region_code, s.enrolled_on AS happened_on,
       NULL AS amount, s.person_id AS subject
FROM schooling AS s
JOIN responsibility AS r
  ON r.pairing_id = s.pairing_id AND r.place_code = left(s.region_code, 6)
  AND s.enrolled_on >= r.valid_from AND s.enrolled_on < r.valid_to
JOIN pair AS d ON d.pairing_id = s.pairing_id
JOIN organisation AS o
  ON o.organisation_id = s.school_id AND left(o.region_code, length(d.donor_prefix)) = d.donor_prefix
WHERE s.enrolled_on BETWEEN $year_start AND $year_end
   OR (s.enrolled_on < $year_start AND s.status = 'enrolled')
