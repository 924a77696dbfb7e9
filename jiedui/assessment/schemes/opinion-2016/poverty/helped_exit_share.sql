-- id: poverty.helped_exit_share
-- name_zh: 脱贫人口受帮扶比例
-- name_en: Share of exits with help through the pair
-- duty: assessment.2
-- clause: 十四
-- unit: share
-- side: donor
-- direction: higher
-- aggregate: ratio(count_distinct(subject))
-- subject: person
-- period: year
-- uses: helped_exit, exited_person
-- rule_zh: 受本结对关系帮扶后脱贫的人数，除以被帮扶方当年脱贫人数。
-- rule_en: Persons who left poverty after help through this pair, over all persons who left poverty in the recipient's area in the year.
-- missing_zh: 本年没有脱贫人口
-- missing_en: nobody left poverty in the year
SELECT pairing_id, row_table, row_id, region_code, helped_on AS happened_on, NULL AS amount, person_id AS subject,
       'numerator' AS part
FROM helped_exit
UNION ALL
SELECT pairing_id, 'status_change', status_change_id, region_code, changed_on, NULL, person_id, 'denominator'
FROM exited_person
