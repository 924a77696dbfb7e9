-- id: industry.linked_projects_share
-- name_zh: 有利益联结的产业项目比例
-- name_en: Share of industry projects with a benefit link
-- duty: industry.2
-- clause: 七
-- unit: share
-- side: donor
-- direction: higher
-- aggregate: ratio(count_distinct(subject))
-- subject: project
-- period: year
-- uses: pair_project, pair_link
-- rule_zh: 截至年末，至少联结一户建档立卡户的产业项目数，除以全部产业项目数。
-- rule_en: Industry projects with at least one registered household linked by the year's end, over all industry projects of the pair.
-- missing_zh: 没有产业项目
-- missing_en: no industry project
SELECT p.pairing_id, 'benefit_link' AS row_table, l.benefit_link_id AS row_id, l.region_code, l.since AS happened_on,
       NULL AS amount, p.project_id AS subject, 'numerator' AS part
FROM pair_project AS p
JOIN pair_link AS l ON l.project_id = p.project_id AND l.pairing_id = p.pairing_id
WHERE p.kind <> 'public_works'
UNION ALL
SELECT pairing_id, 'project', project_id, region_code, signed_on, NULL, project_id, 'denominator'
FROM pair_project
WHERE kind <> 'public_works'
