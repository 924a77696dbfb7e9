-- 贫困县: the poor counties that a pair is responsible for at the year's end. Three administrative committees have no
-- county code: their place is their province.
SELECT r.pairing_id, r.place_code, c.poverty_county_id, c.delisted_year
FROM poverty_county AS c
JOIN responsibility AS r
  ON r.place_code = coalesce(c.county_code, c.province_code) AND $year_end >= r.valid_from AND $year_end < r.valid_to
