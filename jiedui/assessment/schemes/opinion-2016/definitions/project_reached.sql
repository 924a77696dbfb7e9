-- uses: pair_project, pair_link, pair_payment
-- 惠及项目: projects that reach a registered household, by a benefit link or a payment to it, or a village with
-- registered households, by lying in it; a county alone is not a village.
SELECT project_id FROM pair_link
UNION
SELECT project_id FROM pair_payment WHERE project_id IS NOT NULL AND household_id IS NOT NULL
UNION
SELECT p.project_id FROM pair_project AS p JOIN household AS h ON h.region_code = p.region_code
