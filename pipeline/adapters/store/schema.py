"""The tables, triggers and indexes of `chipwire.db`. Times are UTC ISO 8601 text with Z.

TABLES, SEARCH and VIEWS are the schema of 1.0 and stay as they are; what came later stands below.
"""

TABLES = """
CREATE TABLE feeds (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL DEFAULT '',
  site_url TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'active'
    CHECK (status IN ('active', 'paused', 'gone', 'challenged')),
  etag TEXT,
  last_modified TEXT,
  body_hash TEXT,
  interval_s INTEGER NOT NULL DEFAULT 3600,
  next_poll_at TEXT,
  last_polled_at TEXT,
  last_ok_at TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  failing_since TEXT,
  listed INTEGER NOT NULL DEFAULT 1,
  options TEXT NOT NULL DEFAULT '{}',
  memory TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX feeds_due ON feeds (next_poll_at) WHERE listed = 1;

CREATE TABLE articles (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  author TEXT NOT NULL DEFAULT '',
  site TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT '',
  published_at TEXT,
  first_seen_at TEXT NOT NULL,
  fetched_at TEXT,
  text TEXT NOT NULL DEFAULT '',
  text_source TEXT NOT NULL DEFAULT 'none' CHECK (text_source IN ('page', 'feed', 'none')),
  status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'ok', 'stub', 'failed')),
  story_id INTEGER REFERENCES stories(id),
  content_hash TEXT NOT NULL DEFAULT '',
  summary TEXT NOT NULL DEFAULT '',
  date_source TEXT NOT NULL DEFAULT 'first_seen',
  reason TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  next_fetch_at TEXT,
  copy_of INTEGER REFERENCES articles(id),
  part_of INTEGER REFERENCES articles(id),
  tagged_by TEXT,
  grouped_at TEXT,
  cjk TEXT NOT NULL DEFAULT ''
);
CREATE INDEX articles_due ON articles (next_fetch_at) WHERE next_fetch_at IS NOT NULL;
CREATE INDEX articles_untagged ON articles (id) WHERE tagged_by IS NULL AND status <> 'new';
CREATE INDEX articles_ungrouped ON articles (id) WHERE grouped_at IS NULL AND status <> 'new';
CREATE INDEX articles_when ON articles (coalesce(published_at, first_seen_at));
CREATE INDEX articles_seen ON articles (first_seen_at);
CREATE INDEX articles_hash ON articles (content_hash) WHERE content_hash <> '';
CREATE INDEX articles_story ON articles (story_id);
CREATE INDEX articles_copies ON articles (copy_of) WHERE copy_of IS NOT NULL;

CREATE TABLE article_urls (
  url TEXT PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles(id)
) WITHOUT ROWID;
CREATE INDEX article_urls_article ON article_urls (article_id);

CREATE TABLE article_versions (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles(id),
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  content_hash TEXT NOT NULL DEFAULT '',
  replaced_at TEXT NOT NULL
);
CREATE INDEX article_versions_article ON article_versions (article_id);

CREATE TABLE sightings (
  id INTEGER PRIMARY KEY,
  feed_id INTEGER NOT NULL REFERENCES feeds(id),
  guid TEXT NOT NULL,
  article_id INTEGER REFERENCES articles(id),
  url TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL DEFAULT '',
  summary TEXT NOT NULL DEFAULT '',
  published_at TEXT,
  date_source TEXT NOT NULL DEFAULT 'first_seen',
  seen_at TEXT NOT NULL,
  body TEXT NOT NULL DEFAULT '',
  author TEXT NOT NULL DEFAULT '',
  outlet TEXT NOT NULL DEFAULT '',
  raw_date TEXT NOT NULL DEFAULT '',
  opaque INTEGER NOT NULL DEFAULT 0,
  UNIQUE (feed_id, guid)
);
CREATE INDEX sightings_article ON sightings (article_id);

CREATE TABLE sighting_versions (
  id INTEGER PRIMARY KEY,
  feed_id INTEGER NOT NULL REFERENCES feeds(id),
  guid TEXT NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  url TEXT NOT NULL,
  replaced_at TEXT NOT NULL
);
CREATE INDEX sighting_versions_entry ON sighting_versions (feed_id, guid);

CREATE TABLE hosts (
  host TEXT PRIMARY KEY,
  robots_status INTEGER,
  robots TEXT NOT NULL DEFAULT '',
  robots_at TEXT,
  paused_until TEXT
) WITHOUT ROWID;

CREATE TABLE site_lines (
  site TEXT NOT NULL,
  line_hash INTEGER NOT NULL,
  pages INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (site, line_hash)
) WITHOUT ROWID;

CREATE TABLE article_sketches (
  article_id INTEGER PRIMARY KEY REFERENCES articles(id),
  hashes BLOB NOT NULL
);
-- the lowest hashes of each, to find candidates by; see sketches.py for what that saves
CREATE TABLE sketches (
  hash INTEGER NOT NULL,
  article_id INTEGER NOT NULL,
  PRIMARY KEY (hash, article_id)
) WITHOUT ROWID;

CREATE TABLE tags (
  article_id INTEGER NOT NULL REFERENCES articles(id),
  topic TEXT NOT NULL,
  probability REAL NOT NULL,
  tagged INTEGER NOT NULL,
  evidence TEXT NOT NULL DEFAULT '',
  terms TEXT NOT NULL DEFAULT '[]',
  model_id TEXT NOT NULL,
  tagged_at TEXT NOT NULL,
  outcome TEXT NOT NULL DEFAULT 'no' CHECK (outcome IN ('tag', 'review', 'no')),
  verdict TEXT CHECK (verdict IN ('yes', 'no')),
  PRIMARY KEY (article_id, topic)
) WITHOUT ROWID;
CREATE INDEX tags_topic ON tags (topic, probability) WHERE tagged = 1;

CREATE TABLE mentions (
  article_id INTEGER NOT NULL REFERENCES articles(id),
  company TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (article_id, company)
) WITHOUT ROWID;
CREATE INDEX mentions_company ON mentions (company);

CREATE TABLE stories (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  article_id INTEGER NOT NULL REFERENCES articles(id),
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  articles INTEGER NOT NULL,
  outlets INTEGER NOT NULL
);
CREATE INDEX stories_last_seen ON stories (last_seen_at);

CREATE TABLE baseline (
  line INTEGER PRIMARY KEY,
  article TEXT NOT NULL,
  kind TEXT NOT NULL,
  topics TEXT NOT NULL,
  text TEXT NOT NULL,
  day TEXT NOT NULL DEFAULT ''
);

CREATE TABLE updates (
  article_id INTEGER NOT NULL REFERENCES articles(id),
  topic TEXT NOT NULL,
  baseline_line INTEGER NOT NULL,
  similarity REAL NOT NULL,
  novelty REAL NOT NULL,
  PRIMARY KEY (article_id, topic, baseline_line)
) WITHOUT ROWID;

CREATE TABLE labels (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles(id),
  topic TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('yes', 'no', 'skip', 'undo')),
  note TEXT NOT NULL DEFAULT '',
  origin TEXT NOT NULL DEFAULT '',
  probability_then REAL,
  model_then TEXT,
  created_at TEXT NOT NULL
);
CREATE INDEX labels_item ON labels (article_id, topic);
-- What each reviewer's sheet said when it was last read.
CREATE TABLE sheet_cells (
  sheet TEXT NOT NULL,
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  topic TEXT NOT NULL,
  verdict TEXT NOT NULL,
  note TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  PRIMARY KEY (sheet, article_id, topic)
) WITHOUT ROWID;
CREATE TRIGGER labels_no_update BEFORE UPDATE ON labels BEGIN
  SELECT RAISE(ABORT, 'labels are append-only: add a new label instead of changing one');
END;
CREATE TRIGGER labels_no_delete BEFORE DELETE ON labels BEGIN
  SELECT RAISE(ABORT, 'labels are append-only: add an "undo" label instead of deleting one');
END;

CREATE TABLE digests (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  period TEXT NOT NULL,
  created_at TEXT NOT NULL,
  since TEXT,
  until TEXT NOT NULL,
  subject TEXT NOT NULL,
  articles INTEGER NOT NULL,
  stories INTEGER NOT NULL,
  content TEXT NOT NULL,
  UNIQUE (name, period)
);

CREATE TABLE digest_stories (
  digest_id INTEGER NOT NULL REFERENCES digests(id),
  story_id INTEGER REFERENCES stories(id),
  article_id INTEGER NOT NULL REFERENCES articles(id),
  PRIMARY KEY (digest_id, article_id)
) WITHOUT ROWID;
CREATE INDEX digest_stories_story ON digest_stories (story_id);
CREATE INDEX digest_stories_article ON digest_stories (article_id);

CREATE TABLE deliveries (
  digest_id INTEGER NOT NULL REFERENCES digests(id),
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'delivered', 'refused', 'abandoned')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at TEXT,
  message_id TEXT NOT NULL,
  last_error TEXT,
  delivered_at TEXT,
  message BLOB,
  PRIMARY KEY (digest_id, channel, recipient)
) WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE state = 'pending';

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  job TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  outcome TEXT NOT NULL DEFAULT 'running',
  counts TEXT NOT NULL DEFAULT '{}',
  error TEXT
);
CREATE INDEX runs_job ON runs (job, started_at);

-- How far each archive was read under each set of filters: committed with the articles it brought.
CREATE TABLE backfills (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  identity TEXT NOT NULL,
  filters TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  size INTEGER NOT NULL DEFAULT 0,
  counts TEXT NOT NULL DEFAULT '{}',
  started_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  finished_at TEXT,
  UNIQUE (identity, filters)
);
-- Records by name: the faulty ones, and all of an archive that has no positions (a folder).
CREATE TABLE backfill_records (
  backfill_id INTEGER NOT NULL REFERENCES backfills(id),
  record TEXT NOT NULL,
  outcome TEXT NOT NULL,
  PRIMARY KEY (backfill_id, record)
) WITHOUT ROWID;

CREATE TABLE models (
  id TEXT PRIMARY KEY,
  created_at TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  trained_on TEXT NOT NULL DEFAULT '{}',
  metrics TEXT NOT NULL DEFAULT '{}',
  active INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE UNIQUE INDEX models_one_active ON models (active) WHERE active = 1;
"""

# `cjk` holds the bigrams of Chinese, Japanese and Korean runs: FTS5's unicode61 takes a whole
# run for one word, and its trigram tokenizer misses words of two characters.
SEARCH = """
CREATE VIRTUAL TABLE articles_fts USING fts5(
  title, text, cjk, content='articles', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
  INSERT INTO articles_fts (rowid, title, text, cjk) VALUES (new.id, new.title, new.text, new.cjk);
END;
CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
  INSERT INTO articles_fts (articles_fts, rowid, title, text, cjk)
    VALUES ('delete', old.id, old.title, old.text, old.cjk);
END;
CREATE TRIGGER articles_fts_update AFTER UPDATE OF title, text, cjk ON articles
WHEN old.title IS NOT new.title OR old.text IS NOT new.text OR old.cjk IS NOT new.cjk BEGIN
  INSERT INTO articles_fts (articles_fts, rowid, title, text, cjk)
    VALUES ('delete', old.id, old.title, old.text, old.cjk);
  INSERT INTO articles_fts (rowid, title, text, cjk) VALUES (new.id, new.title, new.text, new.cjk);
END;
"""

VIEWS = """
CREATE VIEW tagged_articles AS
SELECT a.id, coalesce(a.published_at, a.first_seen_at) AS published_at, a.site, a.title,
  (SELECT group_concat(t.topic, ', ') FROM tags t WHERE t.article_id = a.id AND t.tagged = 1)
    AS topics,
  (SELECT max(t.probability) FROM tags t WHERE t.article_id = a.id AND t.tagged = 1)
    AS probability,
  (SELECT group_concat(m.company, ', ') FROM mentions m WHERE m.article_id = a.id) AS companies,
  a.language, a.story_id, a.url
FROM articles a
WHERE EXISTS (SELECT 1 FROM tags t WHERE t.article_id = a.id AND t.tagged = 1);

CREATE VIEW topic_weeks AS
SELECT t.topic,
  date(coalesce(a.published_at, a.first_seen_at), 'weekday 0', '-6 days') AS week,
  count(*) AS articles, count(DISTINCT a.story_id) AS stories, count(DISTINCT a.site) AS outlets
FROM tags t JOIN articles a ON a.id = t.article_id
WHERE t.tagged = 1
GROUP BY t.topic, week;

CREATE VIEW feed_health AS
SELECT f.id, f.title, f.url, f.status, f.failures, f.failing_since, f.last_error,
  json_extract(f.memory, '$.trouble') AS trouble, f.last_ok_at, f.next_poll_at,
  json_extract(f.memory, '$.usual_gap_s') AS usual_gap_s,
  json_extract(f.memory, '$.moved_to') AS moving_to,
  (SELECT count(*) FROM sightings s WHERE s.feed_id = f.id) AS entries,
  (SELECT max(s.seen_at) FROM sightings s WHERE s.feed_id = f.id) AS last_entry_at
FROM feeds f WHERE f.listed = 1;
"""

# Schema 2: what a home of a million articles (eight million tags) is asked without reading all
# of them: a topic's articles by their id, what waits for review, and what came since. Measured
# in docs/scale.md. SQLite 3.40 takes an index for covering only if it holds the column of its
# own condition, too.
BY_INDEX = """
DROP INDEX tags_topic;
CREATE INDEX tags_topic ON tags (topic, article_id, tagged) WHERE tagged = 1;
CREATE INDEX tags_unsure ON tags (topic, article_id, outcome) WHERE outcome = 'review';
CREATE INDEX articles_fetched ON articles (coalesce(fetched_at, first_seen_at));
CREATE INDEX articles_new ON articles (status) WHERE status = 'new';
CREATE INDEX review_items_open ON review_items (article_id, verdict) WHERE verdict IS NULL;
"""
