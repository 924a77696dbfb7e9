-- id: poverty.delisted_counties
-- name_zh: 当年摘帽县
-- name_en: Counties delisted in the year
-- duty: goal.2
-- clause: 二
-- unit: counties
-- side: recipient
-- direction: higher
-- aggregate: count_distinct(subject)
-- subject: county
-- period: year
-- reported: poverty_county
-- uses: pair_county
-- rule_zh: 当年退出贫困县序列的县数；只公布年份，按年末负责的结对关系计。
-- rule_en: Poor counties delisted in the year; only the year is published, so the pair responsible at the year's end counts them.
-- missing_zh: 本结对关系不负责任何贫困县
-- missing_en: the pair is responsible for no poor county
SELECT pairing_id, 'poverty_county' AS row_table, poverty_county_id AS row_id, place_code AS region_code,
       $year_end AS happened_on, NULL AS amount, poverty_county_id AS subject
FROM pair_county
WHERE delisted_year = $year
