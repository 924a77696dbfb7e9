-- id: talent.leaders_started_share
-- name_zh: 创业致富带头人创业成功比例
-- name_en: Share of trained village entrepreneurs who started a business
-- duty: talent.3
-- clause: 九
-- unit: share
-- side: recipient
-- direction: higher
-- aggregate: ratio(sum(amount))
-- subject: training
-- period: year
-- rule_zh: 当年创业致富带头人培训中已创业的人数，除以受训人数；未报结果的培训班不计入。
-- rule_en: Of those trained as village entrepreneurs in the year, those who started a business; courses that do not report the outcome are left out.
-- missing_zh: 没有报告结果的带头人培训
-- missing_en: no course for village entrepreneurs reports its outcome
SELECT t.pairing_id, 'training' AS row_table, t.training_id AS row_id, t.region_code, t.held_on AS happened_on,
       CASE part.part WHEN 'numerator' THEN t.started_business ELSE t.persons END AS amount, t.training_id AS subject, part.part
FROM training AS t
JOIN responsibility AS r
  ON r.pairing_id = t.pairing_id AND r.place_code = left(t.region_code, 6)
  AND t.held_on >= r.valid_from AND t.held_on < r.valid_to
CROSS JOIN (VALUES ('numerator'), ('denominator')) AS part (part)
WHERE t.held_on BETWEEN $year_start AND $year_end AND t.kind = 'leader' AND t.started_business IS NOT NULL
