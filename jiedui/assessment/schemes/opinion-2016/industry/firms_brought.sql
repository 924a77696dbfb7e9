-- id: industry.firms_brought
-- name_zh: 引导企业数
-- name_en: Firms with a project of the pair
-- duty: industry.1
-- clause: 七
-- unit: firms
-- side: donor
-- direction: higher
-- aggregate: count_distinct(subject)
-- subject: firm
-- period: year
-- reported: project
-- uses: pair_project
-- rule_zh: 当年签约产业项目的企业，每家只计一次。
-- rule_en: Firms behind the year's industry projects, each firm once.
SELECT pairing_id, 'project' AS row_table, project_id AS row_id, region_code, signed_on AS happened_on,
       NULL AS amount, firm_id AS subject
FROM pair_project
WHERE signed_on BETWEEN $year_start AND $year_end AND kind <> 'public_works' AND firm_id IS NOT NULL
