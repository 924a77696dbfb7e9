-- id: talent.term_kept_share
-- name_zh: 挂职期限符合原则的比例
-- name_en: Share of secondments with the term set in principle
-- duty: talent.1
-- clause: 九
-- unit: share
-- side: donor
-- direction: higher
-- aggregate: ratio(count_distinct(subject))
-- subject: secondment
-- period: year
-- uses: secondment_in_post
-- parameters: term_months_min = talent.term_months_min, term_months_max = talent.term_months_max
-- rule_zh: 帮扶方选派且当年在岗的挂职中，期限（有实际结束日期的按实际，否则按计划）在规定月数之内的项数，除以全部项数。
-- rule_en: Of the donor's secondments in post during the year, those with a term (by the actual end where there is one, else the plan) within the set months, over all.
-- missing_zh: 当年没有在岗的选派人员
-- missing_en: no secondee in post in the year
WITH sent AS (
  SELECT pairing_id, secondment_id, place_code, started_on, coalesce(ended_on, planned_end_on) AS end_on
  FROM secondment_in_post
  WHERE direction = 'donor_to_recipient'
)
SELECT pairing_id, 'secondment' AS row_table, secondment_id AS row_id, place_code AS region_code,
       started_on AS happened_on, NULL AS amount, secondment_id AS subject, part.part
FROM sent
JOIN (VALUES ('numerator'), ('denominator')) AS part (part)
  ON part.part = 'denominator'
  OR (started_on + to_months(CAST($term_months_min AS INTEGER)) <= end_on + INTERVAL 1 DAY
      AND started_on + to_months(CAST($term_months_max AS INTEGER)) >= end_on)
