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
-- rule_zh: 帮扶方选派且当年在岗的挂职中，计划期限在规定月数之内的项数，除以全部项数。
-- rule_en: Of the donor's secondments in post during the year, those with a planned term within the set months, over all.
-- missing_zh: 当年没有在岗的选派人员
-- missing_en: no secondee in post in the year
WITH sent AS (
  SELECT pairing_id, secondment_id, place_code, started_on,
         12 * (year(planned_end_on + INTERVAL 1 DAY) - year(started_on))
         + month(planned_end_on + INTERVAL 1 DAY) - month(started_on) AS term_months
  FROM secondment_in_post
  WHERE direction = 'donor_to_recipient'
)
SELECT pairing_id, 'secondment' AS row_table, secondment_id AS row_id, place_code AS region_code,
       started_on AS happened_on, term_months AS amount, secondment_id AS subject, part.part
FROM sent
JOIN (VALUES ('numerator'), ('denominator')) AS part (part)
  ON part.part = 'denominator' OR term_months BETWEEN $term_months_min AND $term_months_max
