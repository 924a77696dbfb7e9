-- id: talent.secondees_received
-- name_zh: 被帮扶方选派挂职人数
-- name_en: Secondees sent by the recipient
-- duty: talent.1
-- clause: 九
-- unit: persons
-- side: recipient
-- direction: higher
-- aggregate: count_distinct(subject)
-- subject: secondee
-- period: year
-- reported: secondment
-- uses: secondment_in_post
-- rule_zh: 当年在岗的、由被帮扶方派往帮扶方的挂职人员，每人只计一次。
-- rule_en: Persons seconded by the recipient to the donor and in post during the year, each person once.
SELECT pairing_id, 'secondment' AS row_table, secondment_id AS row_id, place_code AS region_code,
       started_on AS happened_on, NULL AS amount, person_key AS subject
FROM secondment_in_post
WHERE direction = 'recipient_to_donor'
