-- uses: pair_placement
-- parameters: stay_evidence = labour.stay_evidence
-- 务工月份: months of the year in which a placement of a pair lasted and which any one of the accepted kinds of evidence
-- proves (a phone check is not among them). The day on which a placement ended is no longer in the job.
SELECT DISTINCT p.pairing_id, p.placement_id, p.person_id, p.region_code, p.work_region_code, p.kind, p.started_on,
       c.month
FROM pair_placement AS p
JOIN stay_check AS c ON c.placement_id = p.placement_id
WHERE c.month BETWEEN $year_start AND $year_end AND list_contains($stay_evidence, c.evidence)
  AND p.started_on <= last_day(c.month) AND (p.ended_on IS NULL OR p.ended_on > c.month)
