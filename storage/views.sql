-- placeholder until the questions are written
CREATE VIEW unread_captures AS
SELECT captures.id, captures.source_id, captures.url, captures.fetched_at
FROM captures LEFT JOIN readings ON readings.capture_id = captures.id
WHERE readings.capture_id IS NULL;
