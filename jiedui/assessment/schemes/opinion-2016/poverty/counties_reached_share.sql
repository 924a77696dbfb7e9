-- id: poverty.counties_reached_share
-- name_zh: 帮扶覆盖贫困县比例
-- name_en: Share of poor counties reached
-- duty: principle.1
-- clause: 三
-- unit: share
-- side: donor
-- direction: higher
-- aggregate: ratio(count_distinct(subject))
-- subject: county
-- period: year
-- uses: pair_county, pair_project, pair_payment
-- rule_zh: 当年有签约项目或资金支付的贫困县数，除以本结对关系负责的贫困县数。
-- rule_en: Poor counties with a project signed or money paid in the year, over the poor counties that the pair is responsible for.
-- missing_zh: 本结对关系不负责任何贫困县
-- missing_en: the pair is responsible for no poor county
SELECT c.pairing_id, 'project' AS row_table, p.project_id AS row_id, p.region_code, p.signed_on AS happened_on,
       NULL AS amount, c.poverty_county_id AS subject, 'numerator' AS part
FROM pair_county AS c
JOIN pair_project AS p ON p.pairing_id = c.pairing_id AND left(p.region_code, 6) = c.place_code
WHERE p.signed_on BETWEEN $year_start AND $year_end
UNION ALL
SELECT c.pairing_id, 'ledger_leg', p.ledger_leg_id, p.region_code, p.happened_on, NULL, c.poverty_county_id, 'numerator'
FROM pair_county AS c
JOIN pair_payment AS p ON p.pairing_id = c.pairing_id AND left(p.region_code, 6) = c.place_code
WHERE p.happened_on BETWEEN $year_start AND $year_end
UNION ALL
SELECT pairing_id, 'poverty_county', poverty_county_id, place_code, $year_end, NULL, poverty_county_id, 'denominator'
FROM pair_county
