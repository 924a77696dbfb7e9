-- id: labour.dispatched
-- name_zh: 有组织劳务输出人次
-- name_en: Person-times of organised dispatch
-- duty: labour.4
-- clause: 八
-- unit: person-times
-- side: recipient
-- direction: higher
-- aggregate: sum(amount)
-- subject: dispatch_trip
-- period: year
-- reported: dispatch_trip
-- rule_zh: 当年已出发的有组织输出批次的人数之和，待出发和已取消的不计；批次不记名，所以是人次。
-- rule_en: Persons in the organised batches that set out in the year, added up, those planned or cancelled left out; batches name nobody, hence person-times.
SELECT t.pairing_id, 'dispatch_trip' AS row_table, t.dispatch_trip_id AS row_id, t.region_code,
       t.departed_on AS happened_on, t.persons AS amount, t.dispatch_trip_id AS subject
FROM dispatch_trip AS t
JOIN responsibility AS r
  ON r.pairing_id = t.pairing_id AND r.place_code = left(t.region_code, 6)
  AND t.departed_on >= r.valid_from AND t.departed_on < r.valid_to
WHERE t.departed_on BETWEEN $year_start AND $year_end AND t.state IN ('departed', 'arrived')
