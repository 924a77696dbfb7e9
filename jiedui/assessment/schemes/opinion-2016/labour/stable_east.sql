-- id: labour.stable_east
-- name_zh: 转移到帮扶方稳定就业人数
-- name_en: Stable jobs in the donor's area
-- duty: labour.5
-- clause: 八
-- unit: persons
-- side: donor
-- direction: higher
-- aggregate: count_distinct(subject)
-- subject: person
-- period: year
-- reported: placement
-- uses: stable_placement
-- rule_zh: 经本结对关系到帮扶方就业、当年有效佐证月数达到规定的人，每人只计一次；电话核查不算佐证。
-- rule_en: Persons placed through the pair in the donor's area with at least the set number of proven months in the year, each person once; a phone check proves nothing.
SELECT p.pairing_id, 'placement' AS row_table, p.placement_id AS row_id, p.region_code, p.started_on AS happened_on,
       p.months AS amount, p.person_id AS subject
FROM stable_placement AS p
JOIN pair AS d ON d.pairing_id = p.pairing_id
WHERE left(p.work_region_code, length(d.donor_prefix)) = d.donor_prefix
