"""The table of what a person should judge, editable in any SQLite browser, and its triggers.

Plain SQL only: a browser has none of our functions. `labels` is the log and the truth; a row
of `review_items` shows the newest verdict that stands. Either may be written: the triggers keep
them in step, and a change that says what the log says already adds nothing to it.
"""


def normalised(cell: str) -> str:
    """Return SQL for a typed verdict as yes, no, skip or NULL; anything else stays as typed."""
    return (
        f"nullif(CASE lower(trim(coalesce({cell}, ''), char(9, 10, 13, 32)))"
        " WHEN 'y' THEN 'yes' WHEN 'yes' THEN 'yes' WHEN '1' THEN 'yes' WHEN 'true' THEN 'yes'"
        " WHEN 'n' THEN 'no' WHEN 'no' THEN 'no' WHEN '0' THEN 'no' WHEN 'false' THEN 'no'"
        " WHEN 's' THEN 'skip' WHEN 'skip' THEN 'skip'"
        f" WHEN 'u' THEN '' WHEN 'undo' THEN '' WHEN '' THEN '' ELSE {cell} END, '')"
    )


OLD, NEW = normalised("OLD.verdict"), normalised("NEW.verdict")
NEW_NOTE = "trim(coalesce(NEW.note, ''))"
# Whoever clears a verdict takes back the verdict of the one who gave it.
WHO = (
    f"CASE WHEN {NEW} IS NULL AND {OLD} IS NOT NULL THEN coalesce(OLD.reviewer, 'reviewer')"
    " ELSE coalesce(nullif(trim(NEW.reviewer), ''), 'reviewer') END"
)
NEW_WHO = "coalesce(nullif(trim(NEW.reviewer), ''), 'reviewer')"

# No CHECK on verdict: it would refuse `y` and the empty string that web forms send, and say so
# in its own words. `doubt` is 1 at the topic's threshold and 0 where the model is sure.
COLUMNS = """
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL{articles},
  topic TEXT NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  probability REAL,
  doubt REAL NOT NULL DEFAULT 0,
  evidence TEXT NOT NULL DEFAULT '',
  verdict TEXT,
  note TEXT DEFAULT '',
  reviewer TEXT DEFAULT '{reviewer}',
  site TEXT NOT NULL DEFAULT '',
  published_at TEXT,
  url TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  UNIQUE (article_id, topic)
"""


def table(*, reviewer: str = "reviewer", articles: str = "") -> str:
    """Return the table's SQL; `articles` is a REFERENCES clause where there are articles."""
    columns = COLUMNS.format(articles=articles, reviewer=reviewer.replace("'", "''"))
    return f"CREATE TABLE review_items ({columns});\n"


INDEXES = """
CREATE INDEX review_items_queue ON review_items (doubt DESC, id) WHERE verdict IS NULL;
CREATE INDEX review_items_topic ON review_items (topic, doubt DESC, id) WHERE verdict IS NULL;
CREATE INDEX review_items_outlet ON review_items (site, doubt DESC, id) WHERE verdict IS NULL;
"""

WORDS = "verdict must be yes, no or skip (empty = undo)"

# Values are compared because web forms send unchanged columns too. The insert guard is for
# INSERT OR REPLACE, which fires no UPDATE trigger and would wipe a verdict.
GUARDS = f"""
CREATE TRIGGER review_items_words BEFORE UPDATE OF verdict ON review_items
WHEN coalesce({NEW}, 'skip') NOT IN ('yes', 'no', 'skip') BEGIN
  SELECT RAISE(ABORT, '{WORDS}');
END;
CREATE TRIGGER review_items_fixed BEFORE UPDATE ON review_items
WHEN OLD.id IS NOT NEW.id OR OLD.article_id IS NOT NEW.article_id OR OLD.topic IS NOT NEW.topic
  OR OLD.title IS NOT NEW.title OR OLD.probability IS NOT NEW.probability
  OR OLD.doubt IS NOT NEW.doubt OR OLD.evidence IS NOT NEW.evidence OR OLD.site IS NOT NEW.site
  OR OLD.published_at IS NOT NEW.published_at OR OLD.url IS NOT NEW.url
  OR OLD.reason IS NOT NEW.reason BEGIN
  SELECT RAISE(ABORT, 'only verdict, note and reviewer can be changed here');
END;
CREATE TRIGGER review_items_kept BEFORE DELETE ON review_items
WHEN {OLD} IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'this row has been judged: clear its verdict instead of deleting it');
END;
CREATE TRIGGER review_items_once BEFORE INSERT ON review_items
WHEN EXISTS (SELECT 1 FROM review_items i WHERE i.verdict IS NOT NULL
  AND (i.id = NEW.id OR (i.article_id = NEW.article_id AND i.topic = NEW.topic))) BEGIN
  SELECT RAISE(ABORT, 'this article has been judged for this topic: change that row instead');
END;
CREATE TRIGGER review_items_new_words BEFORE INSERT ON review_items
WHEN coalesce({NEW}, 'skip') NOT IN ('yes', 'no', 'skip') BEGIN
  SELECT RAISE(ABORT, '{WORDS}');
END;
"""  # noqa: S608 - made of constants of this file

TIDY = f"""
CREATE TRIGGER review_items_tidy AFTER UPDATE OF verdict ON review_items
WHEN NEW.verdict IS NOT {NEW} BEGIN
  UPDATE review_items SET verdict = {NEW} WHERE id = NEW.id AND verdict IS NEW.verdict;
END;
"""  # noqa: S608 - made of constants of this file


def append(who: str) -> str:
    """Return SQL that adds the row NEW to the log, unless `who` has said just that already."""
    return f"""
  INSERT INTO labels (article_id, topic, reviewer, verdict, note, origin, probability_then,
    model_then, created_at)
  SELECT NEW.article_id, NEW.topic, {who}, coalesce({NEW}, 'undo'), {NEW_NOTE}, 'browser',
    coalesce(t.probability, NEW.probability), t.model_id, strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
  FROM (SELECT 1) LEFT JOIN tags t ON t.article_id = NEW.article_id AND t.topic = NEW.topic
  WHERE (coalesce({NEW}, 'undo'), {NEW_NOTE}) IS NOT (
    SELECT l.verdict, l.note FROM labels l WHERE l.article_id = NEW.article_id
      AND l.topic = NEW.topic AND l.reviewer = {who} ORDER BY l.id DESC LIMIT 1);
"""  # noqa: S608 - made of constants of this file


LOG = f"""
CREATE TRIGGER review_items_log AFTER UPDATE OF verdict, note ON review_items
WHEN {OLD} IS NOT {NEW} OR trim(coalesce(OLD.note, '')) IS NOT {NEW_NOTE} BEGIN
{append(WHO)}
END;
CREATE TRIGGER review_items_log_new AFTER INSERT ON review_items
WHEN {NEW} IS NOT NULL BEGIN
{append(NEW_WHO)}
END;
"""

# A reviewer's newest label counts, unless it took the verdict back. A row shows what was said
# of it last, by whomever; whoever undoes her own opens it again, and leaves another's verdict.
SHOWN = """
CREATE VIEW standing_labels AS
SELECT * FROM labels l WHERE l.verdict <> 'undo' AND NOT EXISTS (
  SELECT 1 FROM labels later WHERE later.article_id = l.article_id AND later.topic = l.topic
    AND later.reviewer = l.reviewer AND later.id > l.id);
CREATE TRIGGER labels_shown AFTER INSERT ON labels BEGIN
  UPDATE review_items
  SET verdict = nullif(NEW.verdict, 'undo'), note = NEW.note, reviewer = NEW.reviewer
  WHERE article_id = NEW.article_id AND topic = NEW.topic
    AND (verdict, note, reviewer) IS NOT (nullif(NEW.verdict, 'undo'), NEW.note, NEW.reviewer)
    AND (NEW.verdict <> 'undo' OR verdict IS NULL OR reviewer IS NEW.reviewer);
END;
"""

# What people say of a tag, where anybody said anything that stands: of the article itself
# before its copies, the newest before the older.
VERDICT = """(
    SELECT l.verdict FROM articles own JOIN standing_labels l ON l.topic = tags.topic
    WHERE own.id = tags.article_id AND l.verdict <> 'skip' AND l.article_id IN (
      SELECT id FROM articles WHERE id = coalesce(own.copy_of, own.id)
      UNION ALL SELECT id FROM articles WHERE copy_of = coalesce(own.copy_of, own.id))
    ORDER BY l.article_id = own.id DESC, l.id DESC LIMIT 1)"""

# A person's word stands over the model's: `tagged` follows the verdict, `outcome` stays what
# the model said, and whatever lists by `tagged` needs to know of neither. A tag that changes
# so is compared with the baseline and grouped anew by the next pass.
OVERRULE = f"""
CREATE TRIGGER labels_overrule AFTER INSERT ON labels BEGIN
  UPDATE tags SET verdict = {VERDICT}
  WHERE topic = NEW.topic AND article_id IN (
    SELECT id FROM articles WHERE id = NEW.article_id
    UNION SELECT copy_of FROM articles WHERE id = NEW.article_id AND copy_of IS NOT NULL
    UNION SELECT id FROM articles WHERE copy_of = coalesce(
      (SELECT copy_of FROM articles WHERE id = NEW.article_id), NEW.article_id));
END;
CREATE TRIGGER tags_overruled AFTER INSERT ON tags
WHEN EXISTS (SELECT 1 FROM labels) BEGIN
  UPDATE tags SET verdict = {VERDICT}
  WHERE article_id = NEW.article_id AND topic = NEW.topic;
END;
CREATE TRIGGER copies_overruled AFTER UPDATE OF copy_of ON articles
WHEN OLD.copy_of IS NOT NEW.copy_of BEGIN
  UPDATE tags SET verdict = {VERDICT} WHERE article_id = NEW.id;
END;
CREATE TRIGGER tags_verdict AFTER UPDATE OF verdict ON tags
WHEN NEW.tagged IS NOT coalesce(NEW.verdict = 'yes', NEW.outcome = 'tag') BEGIN
  UPDATE tags SET tagged = coalesce(NEW.verdict = 'yes', NEW.outcome = 'tag')
  WHERE article_id = NEW.article_id AND topic = NEW.topic;
  UPDATE articles SET grouped_at = NULL WHERE id = NEW.article_id AND grouped_at IS NOT NULL;
END;
"""  # noqa: S608 - made of constants of this file

REVIEW = (
    table(articles=" REFERENCES articles(id) ON DELETE CASCADE")
    + INDEXES
    + GUARDS
    + TIDY
    + LOG
    + SHOWN
    + OVERRULE
)
SHEET = INDEXES + GUARDS + TIDY  # in a file of its own: no log there, `review sync` writes it
