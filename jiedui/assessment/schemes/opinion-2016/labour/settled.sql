-- id: labour.settled
-- name_zh: 在帮扶方落户人数
-- name_en: Persons settled in the donor's area
-- duty: labour.7
-- clause: 八
-- unit: persons
-- side: donor
-- direction: higher
-- aggregate: count_distinct(subject)
-- subject: person
-- period: year
-- reported: settlement
-- rule_zh: 当年在帮扶方城市落户的建档立卡人员，每人只计一次。
-- rule_en: Registered persons who settled in a city of the donor in the year, each person once.
SELECT r.pairing_id, 'settlement' AS row_table, s.settlement_id AS row_id, s.region_code, s.settled_on AS happened_on,
       NULL AS amount, s.person_id AS subject
FROM settlement AS s
JOIN responsibility AS r
  ON r.place_code = left(s.region_code, 6) AND s.settled_on >= r.valid_from AND s.settled_on < r.valid_to
JOIN pair AS d ON d.pairing_id = r.pairing_id
WHERE s.state = 'settled' AND s.settled_on BETWEEN $year_start AND $year_end
  AND left(s.city_code, length(d.donor_prefix)) = d.donor_prefix
