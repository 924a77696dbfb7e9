-- uses: exited_person, pair_help
-- 受帮扶脱贫人口: persons who left poverty in the year after a record of help through the same pair, by record of help.
SELECT h.pairing_id, h.row_table, h.row_id, h.region_code, h.helped_on, e.person_id
FROM exited_person AS e
JOIN pair_help AS h ON h.pairing_id = e.pairing_id AND h.person_id = e.person_id AND h.helped_on <= e.changed_on
UNION ALL
SELECT h.pairing_id, h.row_table, h.row_id, h.region_code, h.helped_on, e.person_id
FROM exited_person AS e
JOIN pair_help AS h ON h.pairing_id = e.pairing_id AND h.household_id = e.household_id AND h.helped_on <= e.changed_on
UNION ALL
SELECT h.pairing_id, h.row_table, h.row_id, h.region_code, h.helped_on, e.person_id
FROM exited_person AS e
JOIN pair_help AS h ON h.pairing_id = e.pairing_id AND h.village_code = e.region_code AND h.helped_on <= e.changed_on
