-- uses: pair_placement, pair_link, pair_payment
-- 结对帮扶记录: every record of help through a pair, with the person, household or village that it reached.
SELECT 'placement' AS row_table, placement_id AS row_id, pairing_id, person_id, NULL AS household_id,
       NULL AS village_code, region_code, started_on AS helped_on
FROM pair_placement
UNION ALL
SELECT 'schooling', s.schooling_id, s.pairing_id, s.person_id, NULL, NULL, s.region_code, s.enrolled_on
FROM schooling AS s
JOIN responsibility AS r
  ON r.pairing_id = s.pairing_id AND r.place_code = left(s.region_code, 6)
  AND s.enrolled_on >= r.valid_from AND s.enrolled_on < r.valid_to
UNION ALL
SELECT 'benefit_link', benefit_link_id, pairing_id, NULL, household_id, NULL, region_code, since
FROM pair_link
UNION ALL
SELECT 'ledger_leg', ledger_leg_id, pairing_id, NULL, household_id, NULL, region_code, happened_on
FROM pair_payment WHERE household_id IS NOT NULL
UNION ALL
SELECT 'donation', d.donation_id, d.pairing_id, NULL, NULL, d.region_code, d.region_code, d.given_on
FROM donation AS d
JOIN responsibility AS r
  ON r.pairing_id = d.pairing_id AND r.place_code = left(d.region_code, 6)
  AND d.given_on >= r.valid_from AND d.given_on < r.valid_to
WHERE length(d.region_code) = 12
