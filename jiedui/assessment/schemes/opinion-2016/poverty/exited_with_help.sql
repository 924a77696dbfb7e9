-- id: poverty.exited_with_help
-- name_zh: 受结对帮扶脱贫人口
-- name_en: Persons who left poverty with help through the pair
-- duty: assessment.2
-- clause: 十四
-- unit: persons
-- side: donor
-- direction: higher
-- aggregate: count_distinct(subject)
-- subject: person
-- period: year
-- reported: household_year
-- uses: helped_exit
-- rule_zh: 当年脱贫且脱贫前经本结对关系得到过帮扶（就业、就学、利益联结、到户资金或到村捐赠）的人，每人只计一次。
-- rule_en: Persons who left poverty in the year after recorded help through this pair (job, schooling, benefit link, money to the household, donation to the village), each person once.
SELECT pairing_id, row_table, row_id, region_code, helped_on AS happened_on, NULL AS amount, person_id AS subject
FROM helped_exit
