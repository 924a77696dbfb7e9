-- id: industry.arrived_investment
-- name_zh: 到位投资额
-- name_en: Investment that arrived
-- duty: industry.1
-- clause: 七
-- unit: fen
-- side: donor
-- direction: higher
-- aggregate: sum(amount)
-- subject: project
-- period: year
-- reported: project
-- uses: pair_project
-- rule_zh: 当年签约的产业项目到位投资之和；未报到位额的项目另计数，不当作零。
-- rule_en: Arrived investment of the year's industry projects; projects that do not report it are counted apart, not as zero.
SELECT pairing_id, 'project' AS row_table, project_id AS row_id, region_code, signed_on AS happened_on,
       arrived_fen AS amount, project_id AS subject
FROM pair_project
WHERE signed_on BETWEEN $year_start AND $year_end AND kind <> 'public_works'
