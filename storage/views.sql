-- The questions a reviewer asks, as views. Not a migration: opening an archive renews them when they differ.
-- Set-aside records (forgotten_at) are left out, but for what people were told.

CREATE VIEW unread_captures AS
SELECT captures.id, captures.source_id, captures.url, captures.fetched_at, captures.media_type, captures.size
FROM captures LEFT JOIN readings ON readings.capture_id = captures.id
WHERE readings.capture_id IS NULL
ORDER BY captures.id;

-- What is new, with its source? One row for each change, in words.
CREATE VIEW news AS
SELECT changes.id AS change_id, changes.seen_at, changes.level, changes.kind, documents.source_id,
    sources.title AS source_title, coalesce(versions.title, documents.title, documents.key) AS title,
    coalesce(
        (
            SELECT coalesce(hunks.new, '− ' || hunks.old) FROM hunks
            WHERE hunks.change_id = changes.id AND hunks.noise IS NULL ORDER BY hunks.position, hunks.id LIMIT 1
        ),
        -- a document that is new as a whole has no hunks
        CASE WHEN changes.kind = 'new' THEN coalesce(
            (
                SELECT matches.excerpt FROM matches WHERE matches.change_id = changes.id
                ORDER BY matches.score DESC, matches.id LIMIT 1
            ),
            ltrim(substr(versions.main, 1, instr(versions.main || char(10), char(10)) - 1), '# ')
        ) END
    ) AS first_sentence,
    (SELECT count(*) FROM hunks WHERE hunks.change_id = changes.id AND hunks.noise IS NULL) AS sentences,
    changes.significance, changes.reasons, documents.url, changes.capture_id, changes.document_id, changes.digest_date
FROM changes
JOIN documents ON documents.id = changes.document_id
JOIN sources ON sources.id = documents.source_id
LEFT JOIN versions ON versions.id = changes.new_version_id
WHERE changes.kind <> 'first' AND changes.level <> 'noise' AND changes.forgotten_at IS NULL
ORDER BY changes.seen_at DESC, changes.id DESC;

-- Which alerts has nobody judged yet?
CREATE VIEW alerts_to_review AS
SELECT changes.id AS change_id, changes.seen_at, documents.source_id, sources.title AS source_title,
    coalesce(versions.title, documents.title, documents.key) AS title,
    (SELECT group_concat(DISTINCT matches.trigger_id) FROM matches WHERE matches.change_id = changes.id) AS triggers,
    (
        SELECT matches.excerpt FROM matches WHERE matches.change_id = changes.id
        ORDER BY matches.score DESC, matches.id LIMIT 1
    ) AS sentence,
    changes.reasons, documents.url, changes.capture_id
FROM changes
JOIN documents ON documents.id = changes.document_id
JOIN sources ON sources.id = documents.source_id
LEFT JOIN versions ON versions.id = changes.new_version_id
WHERE changes.level = 'alert' AND NOT changes.reprocessed
    AND NOT EXISTS (SELECT 1 FROM reviews WHERE reviews.change_id = changes.id)
ORDER BY changes.seen_at DESC, changes.id DESC;

-- What speaks for and against each trigger, in which words, and who says so?
CREATE VIEW evidence AS
SELECT matches.id AS match_id, matches.trigger_id, matches.direction,
    CASE WHEN matches.against THEN 'against' ELSE 'for' END AS speaks, matches.excerpt AS sentence, matches.side,
    matches.assertion, matches.score, matches.known, changes.seen_at, documents.source_id,
    sources.title AS source_title, sources.role, versions.title, versions.published_at, documents.url,
    changes.id AS change_id, changes.capture_id, captures.sha256,
    (
        SELECT reviews.verdict FROM reviews
        WHERE reviews.change_id = changes.id AND (reviews.match_id = matches.id OR reviews.match_id IS NULL)
        ORDER BY reviews.id DESC LIMIT 1
    ) AS verdict
FROM matches
JOIN changes ON changes.id = matches.change_id
JOIN documents ON documents.id = changes.document_id
JOIN sources ON sources.id = documents.source_id
LEFT JOIN versions ON versions.id = changes.new_version_id
LEFT JOIN captures ON captures.id = changes.capture_id
WHERE changes.forgotten_at IS NULL
ORDER BY changes.seen_at DESC, matches.id DESC;

-- Which sentences came and went, where and when? Searchable.
CREATE VIEW sentences AS
SELECT hunks.id AS hunk_id, changes.seen_at, hunks.kind, coalesce(hunks.new, hunks.old) AS sentence, hunks.old,
    hunks.heading, hunks.part, hunks.noise, documents.source_id, sources.title AS source_title,
    coalesce(versions.title, documents.title) AS title, documents.url, hunks.change_id, changes.capture_id
FROM hunks
JOIN changes ON changes.id = hunks.change_id
JOIN documents ON documents.id = changes.document_id
JOIN sources ON sources.id = documents.source_id
LEFT JOIN versions ON versions.id = coalesce(changes.new_version_id, changes.old_version_id)
WHERE changes.forgotten_at IS NULL;

-- What does every document say now? Searchable.
CREATE VIEW texts_now AS
SELECT versions.id AS version_id, documents.source_id, sources.title AS source_title, versions.title, versions.main,
    versions.language, versions.published_at, versions.first_seen_at, documents.last_seen_at, documents.url,
    versions.document_id, versions.capture_id
FROM documents
JOIN versions ON versions.id = documents.version_id
JOIN sources ON sources.id = documents.source_id
WHERE documents.forgotten_at IS NULL AND documents.gone_at IS NULL;

-- What did each source say last, and when did we look?
CREATE VIEW last_word_by_source AS
SELECT sources.id AS source_id, sources.title AS source_title, sources.role, sources.language,
    (SELECT max(started_at) FROM fetches WHERE fetches.source_id = sources.id) AS last_asked_at,
    changes.seen_at AS last_news_at, coalesce(versions.title, documents.title) AS title,
    coalesce(
        (
            SELECT hunks.new FROM hunks
            WHERE hunks.change_id = changes.id AND hunks.new IS NOT NULL AND hunks.noise IS NULL
            ORDER BY hunks.position, hunks.id LIMIT 1
        ),
        CASE WHEN changes.kind IN ('first', 'new')
            THEN ltrim(substr(versions.main, 1, instr(versions.main || char(10), char(10)) - 1), '# ') END
    ) AS sentence,
    documents.url, changes.id AS change_id
FROM sources
LEFT JOIN changes ON changes.id = (
    SELECT latest.id FROM changes AS latest JOIN documents AS shown ON shown.id = latest.document_id
    WHERE shown.source_id = sources.id AND latest.forgotten_at IS NULL AND latest.level <> 'noise'
        AND latest.kind IN ('first', 'new', 'changed', 'back')
    ORDER BY latest.seen_at DESC, latest.id DESC LIMIT 1
)
LEFT JOIN documents ON documents.id = changes.document_id
LEFT JOIN versions ON versions.id = changes.new_version_id
WHERE sources.retired_at IS NULL
ORDER BY changes.seen_at DESC;

-- Which sources could not be reached, why, and since when?
CREATE VIEW sources_not_reached AS
SELECT sources.id AS source_id, sources.title AS source_title, sources.role,
    CASE WHEN NOT sources.observable THEN 'not observable' ELSE coalesce(newest.outcome, 'not asked yet') END AS outcome,
    coalesce(sources.why_not, newest.detail, newest.reason) AS why,
    (
        SELECT min(failed.started_at) FROM looks AS failed
        WHERE failed.ask_id = seeds.id AND failed.id > coalesce(seeds.good_id, 0)
    ) AS failing_since,
    (SELECT good.started_at FROM looks AS good WHERE good.id = seeds.good_id) AS last_looked_at,
    newest.started_at AS last_asked_at, seeds.url, seeds.due_at
FROM sources
LEFT JOIN (
    SELECT asks.*, (SELECT max(looks.id) FROM looks WHERE looks.ask_id = asks.id AND looks.good) AS good_id
    FROM asks WHERE asks.purpose = 'seed' AND asks.withdrawn_at IS NULL
) AS seeds ON seeds.source_id = sources.id
LEFT JOIN looks AS newest ON newest.id = (SELECT max(id) FROM fetches WHERE fetches.ask_id = seeds.id)
WHERE sources.retired_at IS NULL AND NOT coalesce(newest.good, 0)
ORDER BY failing_since IS NULL, failing_since;

-- Every attempt: what came of it, and could it be read?
CREATE VIEW looks AS
SELECT fetches.id, fetches.ask_id, fetches.source_id, fetches.url, fetches.started_at,
    CASE WHEN fetches.outcome = 'captured' AND readings.health <> 'ok' THEN readings.health ELSE fetches.outcome END
        AS outcome,
    fetches.reason, CASE WHEN fetches.outcome = 'captured' THEN readings.detail ELSE fetches.detail END AS detail,
    fetches.outcome IN ('unchanged', 'gone')
        OR (fetches.outcome = 'captured' AND coalesce(readings.health, 'ok') = 'ok') AS good,
    fetches.status, fetches.capture_id, fetches.run_id
FROM fetches LEFT JOIN readings ON readings.capture_id = fetches.capture_id;

-- Which sentences did the archive see first on a day, and where?
CREATE VIEW sentences_first_seen AS
SELECT substr(lines.first_seen_at, 1, 10) AS day, lines.text AS sentence, documents.source_id,
    sources.title AS source_title, documents.title, documents.url, lines.first_seen_at, lines.part, lines.fold,
    lines.first_document_id AS document_id, lines.first_capture_id AS capture_id
FROM lines
JOIN documents ON documents.id = lines.first_document_id
JOIN sources ON sources.id = documents.source_id
ORDER BY lines.first_seen_at DESC, lines.fold;

-- Where has a sentence been seen: who had it first, who has it too?
CREATE VIEW sentence_sights AS
SELECT document_lines.fold, lines.text AS sentence, document_lines.first_seen_at, document_lines.last_seen_at,
    document_lines.seen, documents.source_id, sources.title AS source_title, documents.title, documents.url,
    document_lines.document_id
FROM document_lines
JOIN lines ON lines.fold = document_lines.fold
JOIN documents ON documents.id = document_lines.document_id
JOIN sources ON sources.id = documents.source_id
ORDER BY document_lines.first_seen_at, document_lines.document_id;

-- Which pages keep going back to a text they showed before?
CREATE VIEW flapping_pages AS
SELECT documents.id AS document_id, documents.source_id, sources.title AS source_title, documents.title, documents.url,
    sum(changes.kind = 'returned') AS returns, sum(changes.kind = 'changed') AS changes,
    (SELECT count(*) FROM versions WHERE versions.document_id = documents.id AND versions.forgotten_at IS NULL)
        AS variants,
    documents.visits, max(changes.seen_at) AS last_changed_at
FROM changes
JOIN documents ON documents.id = changes.document_id
JOIN sources ON sources.id = documents.source_id
WHERE changes.forgotten_at IS NULL AND changes.kind IN ('returned', 'changed')
GROUP BY documents.id
HAVING returns > 0
ORDER BY returns DESC, last_changed_at DESC;

-- How late did we learn of what is new: since it was dated, and since we had looked before?
-- The listing or feed that named an item is the look that found it, not one before.
CREATE VIEW detection_delay AS
SELECT changes.id AS change_id, documents.source_id, sources.title AS source_title, versions.title,
    versions.published_at, changes.seen_at,
    round((julianday(changes.seen_at) - julianday(versions.published_at)) * 24, 1) AS hours_since_published,
    round((julianday(changes.seen_at) - julianday((
        SELECT max(earlier.fetched_at) FROM captures AS earlier
        WHERE earlier.source_id = documents.source_id
            AND earlier.fetched_at < CASE WHEN asks.purpose = 'item' THEN asks.found_at ELSE changes.seen_at END
    ))) * 24, 1) AS hours_since_last_look,
    round(sources.tolerance_seconds / 3600.0, 1) AS tolerance_hours, documents.url
FROM changes
JOIN documents ON documents.id = changes.document_id
JOIN sources ON sources.id = documents.source_id
JOIN versions ON versions.id = changes.new_version_id
LEFT JOIN captures ON captures.id = changes.capture_id
LEFT JOIN asks ON asks.id = captures.ask_id
WHERE changes.kind = 'new' AND changes.forgotten_at IS NULL AND versions.published_at IS NOT NULL
ORDER BY changes.seen_at DESC;

-- Which bytes stand behind a document: when captured, how large, with which SHA-256, and how were they read?
CREATE VIEW proofs AS
SELECT captures.id AS capture_id, captures.fetched_at, captures.source_id, sources.title AS source_title,
    documents.title, captures.url, captures.final_url, captures.status, captures.media_type, captures.size,
    captures.sha256, blobs.packed_size, readings.health, readings.detail, readings.reader,
    documents.id AS document_id, captures.by_hand
FROM captures
JOIN sources ON sources.id = captures.source_id
JOIN blobs ON blobs.sha256 = captures.sha256
LEFT JOIN readings ON readings.capture_id = captures.id
LEFT JOIN asks ON asks.id = captures.ask_id
LEFT JOIN documents ON documents.source_id = captures.source_id AND documents.key = asks.key
ORDER BY captures.id DESC;

-- What did each run come to?
CREATE VIEW runs_in_short AS
SELECT runs.id AS run_id, runs.started_at, runs.state, runs.command,
    round((julianday(runs.finished_at) - julianday(runs.started_at)) * 1440, 1) AS minutes,
    count(fetches.id) AS asked, coalesce(sum(fetches.outcome = 'captured'), 0) AS captured,
    coalesce(sum(fetches.outcome = 'unchanged'), 0) AS unchanged, coalesce(sum(fetches.outcome = 'gone'), 0) AS gone,
    coalesce(sum(fetches.outcome NOT IN ('captured', 'unchanged', 'gone')), 0) AS not_reached, runs.note
FROM runs LEFT JOIN fetches ON fetches.run_id = runs.id
GROUP BY runs.id
ORDER BY runs.id DESC;
