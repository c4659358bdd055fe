"""The tables. Growing tables are keyed time-first, so that a commit touches pages at one end only.

Besides these, raw observations live in one plain table an hour of event time, `raw_<hour>`
(`series`, `dt` = ms since that hour began, `v`), made when the first one arrives, sealed into `block`
and dropped 2–3 h later. `hour` and `day` count from the epoch: hours in UTC, days in provincial time.
Of a raw table, rows up to rowid `raw_part.rolled` are in the roll-ups, rows up to `sealed` in blocks.
Roll-ups of an open hour are in `rollup_open`, a packed row a bucket of assets; when the hour has ended
they move to `rollup_1h`. `regroup` names days whose `rollup_group` is behind after an import cut short.
A `slot` of identities, in the code a lot, is four times the minute of the event plus the term for which
they are kept.
`event_key` keeps the identities of records, reports and roll-ups for ever, by 30 days of event time.
"""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE latest (series INTEGER PRIMARY KEY, t INTEGER NOT NULL, received INTEGER NOT NULL,
    v INTEGER NOT NULL) STRICT;
CREATE TABLE raw_part (hour INTEGER PRIMARY KEY, rolled INTEGER NOT NULL DEFAULT 0,
    sealed INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE block (hour INTEGER, asset INTEGER, n INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (hour, asset)) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_1h (day INTEGER, asset INTEGER, data BLOB NOT NULL,
    PRIMARY KEY (day, asset)) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_open (hour INTEGER, bucket INTEGER, data BLOB NOT NULL,
    PRIMARY KEY (hour, bucket)) STRICT, WITHOUT ROWID;
CREATE TABLE regroup (day INTEGER PRIMARY KEY) STRICT;
CREATE TABLE rollup_group (day INTEGER, kind TEXT, unit TEXT, metric INTEGER, data BLOB NOT NULL,
    PRIMARY KEY (day, kind, unit, metric)) STRICT, WITHOUT ROWID;

CREATE TABLE seen (slot INTEGER, key INTEGER, PRIMARY KEY (slot, key)) STRICT, WITHOUT ROWID;
CREATE TABLE seen_block (slot INTEGER PRIMARY KEY, keys BLOB NOT NULL) STRICT;
CREATE TABLE event_key (month INTEGER, key INTEGER, PRIMARY KEY (month, key)) STRICT, WITHOUT ROWID;

CREATE TABLE source_hour (hour INTEGER, source INTEGER, events INTEGER NOT NULL DEFAULT 0,
    observations INTEGER NOT NULL DEFAULT 0, duplicates INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0, late INTEGER NOT NULL DEFAULT 0, last INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (hour, source)) STRICT, WITHOUT ROWID;

CREATE TABLE record (kind TEXT, key TEXT, source INTEGER NOT NULL, unit TEXT NOT NULL, state TEXT NOT NULL,
    opened INTEGER NOT NULL, updated INTEGER NOT NULL, due INTEGER, closed INTEGER, fields TEXT NOT NULL,
    PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID;
CREATE INDEX record_open ON record (kind, due) WHERE closed IS NULL;
CREATE INDEX record_recent ON record (kind, updated);
CREATE TABLE record_event (kind TEXT, key TEXT, id INTEGER, t INTEGER NOT NULL, state TEXT NOT NULL,
    unit TEXT NOT NULL, due INTEGER, fields TEXT NOT NULL, PRIMARY KEY (kind, key, id)) STRICT, WITHOUT ROWID;
CREATE TABLE tally (day INTEGER, kind TEXT, unit TEXT, name TEXT, n INTEGER NOT NULL,
    PRIMARY KEY (day, kind, unit, name)) STRICT, WITHOUT ROWID;
CREATE TABLE report (indicator TEXT, unit TEXT, period TEXT, id INTEGER, t INTEGER NOT NULL,
    received INTEGER NOT NULL, value REAL NOT NULL, person TEXT NOT NULL, note TEXT NOT NULL,
    source INTEGER NOT NULL, PRIMARY KEY (indicator, unit, period, id)) STRICT, WITHOUT ROWID;

CREATE TABLE coverage_day (day INTEGER, operator TEXT, h3 TEXT, n INTEGER NOT NULL, groups INTEGER NOT NULL,
    devices INTEGER NOT NULL, weak INTEGER NOT NULL, bad INTEGER NOT NULL, rsrp_sum INTEGER NOT NULL,
    rsrp_min INTEGER NOT NULL, down_n INTEGER NOT NULL, down_sum INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (day, operator, h3)) STRICT, WITHOUT ROWID;
CREATE TABLE coverage_group (day INTEGER, key INTEGER, PRIMARY KEY (day, key)) STRICT, WITHOUT ROWID;
CREATE TABLE coverage_device (operator TEXT, h3 TEXT, device INTEGER, last INTEGER NOT NULL,
    PRIMARY KEY (operator, h3, device)) STRICT, WITHOUT ROWID;
CREATE TABLE coverage_cell (operator TEXT, h3 TEXT, n INTEGER NOT NULL, groups INTEGER NOT NULL,
    devices INTEGER NOT NULL, weak INTEGER NOT NULL, bad INTEGER NOT NULL, rsrp_sum INTEGER NOT NULL,
    rsrp_min INTEGER NOT NULL, down_n INTEGER NOT NULL, down_sum INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (operator, h3)) STRICT, WITHOUT ROWID;

CREATE TABLE alert (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, rule TEXT NOT NULL,
    rule_version INTEGER NOT NULL, priority TEXT NOT NULL, asset TEXT NOT NULL, source TEXT NOT NULL,
    indicator TEXT NOT NULL, unit TEXT NOT NULL, owner TEXT NOT NULL, simulated INTEGER NOT NULL,
    first_seen INTEGER NOT NULL, opened INTEGER NOT NULL, updated INTEGER NOT NULL, due INTEGER NOT NULL,
    closed INTEGER, close_reason TEXT, value REAL, peak REAL, facts TEXT NOT NULL,
    cause INTEGER, folded INTEGER NOT NULL DEFAULT 0,
    ack_by TEXT, ack_at INTEGER, ack_note TEXT, version INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE UNIQUE INDEX alert_open ON alert (key) WHERE closed IS NULL;
CREATE INDEX alert_closed ON alert (closed) WHERE closed IS NOT NULL;
CREATE INDEX alert_cause ON alert (cause) WHERE cause IS NOT NULL;
CREATE TABLE condition (key TEXT PRIMARY KEY, state TEXT NOT NULL, since INTEGER NOT NULL) STRICT,
    WITHOUT ROWID;
CREATE TABLE event_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, t INTEGER NOT NULL, alert INTEGER,
    what TEXT NOT NULL, actor TEXT NOT NULL, data TEXT NOT NULL) STRICT;
CREATE INDEX event_log_alert ON event_log (alert, seq) WHERE alert IS NOT NULL;
CREATE TABLE rule_off (rule TEXT PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL,
    actor TEXT NOT NULL, reason TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE command (seq INTEGER PRIMARY KEY AUTOINCREMENT, t INTEGER NOT NULL, real INTEGER NOT NULL,
    actor TEXT NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL, args TEXT NOT NULL,
    outcome TEXT NOT NULL) STRICT;

CREATE TABLE indicator_now (indicator TEXT, unit TEXT, value REAL, asof INTEGER, n INTEGER,
    status TEXT NOT NULL,
    detail TEXT NOT NULL, computed INTEGER NOT NULL, PRIMARY KEY (indicator, unit)) STRICT, WITHOUT ROWID;
CREATE TABLE indicator_day (day INTEGER, indicator TEXT, value REAL NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (day, indicator)) STRICT, WITHOUT ROWID;
CREATE TABLE source_now (source INTEGER PRIMARY KEY, state TEXT NOT NULL, since INTEGER NOT NULL,
    last INTEGER NOT NULL, late INTEGER NOT NULL, silent INTEGER NOT NULL, never INTEGER NOT NULL,
    fresh INTEGER NOT NULL) STRICT;
CREATE TABLE asset_now (asset INTEGER PRIMARY KEY, state TEXT NOT NULL, since INTEGER NOT NULL) STRICT;

CREATE TABLE quarantine (seq INTEGER PRIMARY KEY AUTOINCREMENT, source INTEGER NOT NULL,
    received INTEGER NOT NULL,
    code TEXT NOT NULL, reason TEXT NOT NULL, id TEXT NOT NULL, size INTEGER NOT NULL,
    payload BLOB NOT NULL) STRICT;
CREATE INDEX quarantine_source ON quarantine (source, seq);
CREATE TABLE token (hash BLOB PRIMARY KEY, sources TEXT NOT NULL, role TEXT NOT NULL, label TEXT NOT NULL,
    created INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""

CLOCKS = """
CREATE TABLE asset_clock (asset INTEGER PRIMARY KEY, n INTEGER NOT NULL, off INTEGER NOT NULL,
    last INTEGER NOT NULL, refused INTEGER NOT NULL) STRICT;
CREATE INDEX alert_key ON alert (key, closed) WHERE closed IS NOT NULL;
"""

REPORTS = """
ALTER TABLE report RENAME TO report_before;
CREATE TABLE report (number INTEGER PRIMARY KEY AUTOINCREMENT, indicator TEXT NOT NULL, unit TEXT NOT NULL,
    period TEXT NOT NULL, begins INTEGER NOT NULL, ends INTEGER NOT NULL, id INTEGER NOT NULL,
    t INTEGER NOT NULL, received INTEGER NOT NULL, value REAL NOT NULL, person TEXT NOT NULL,
    note TEXT NOT NULL, source INTEGER NOT NULL, withdrawn INTEGER, withdrawn_by TEXT, withdrawn_why TEXT,
    UNIQUE (indicator, unit, period, id)) STRICT;
CREATE INDEX report_standing ON report (indicator, unit, ends, received);
CREATE INDEX report_latest ON report (indicator, ends)
"""
"""Reports by the number that people name them by, in the order in which they came. `begins` and `ends` are
the first and last day of the period; one of no known form has not begun on any day."""

REPORT_PARTS = """
ALTER TABLE report ADD COLUMN numerator REAL;
ALTER TABLE report ADD COLUMN denominator REAL;
ALTER TABLE report ADD COLUMN department TEXT NOT NULL DEFAULT '';
DROP INDEX report_standing;
CREATE INDEX report_standing ON report (indicator, unit, department, ends, received)
"""
"""What a figure is made of, and whose of the province's bodies it is."""

APART = """
CREATE TABLE coverage_apart (day INTEGER, source INTEGER, operator TEXT, why TEXT, n INTEGER NOT NULL,
    PRIMARY KEY (day, source, operator, why)) STRICT, WITHOUT ROWID;
"""

MINUTES = """
CREATE TABLE coverage_minute (minute INTEGER, operator TEXT, h3 TEXT, n INTEGER NOT NULL,
    groups INTEGER NOT NULL, devices INTEGER NOT NULL, weak INTEGER NOT NULL, bad INTEGER NOT NULL,
    rsrp_sum INTEGER NOT NULL, rsrp_min INTEGER NOT NULL, down_n INTEGER NOT NULL, down_sum INTEGER NOT NULL,
    last INTEGER NOT NULL, PRIMARY KEY (minute, operator, h3)) STRICT, WITHOUT ROWID;
"""
"""What `coverage_cell` does not hold yet, by the minute of reception (since the epoch)."""

PERSONS = """
ALTER TABLE token ADD COLUMN unit TEXT NOT NULL DEFAULT '';
CREATE INDEX command_actor ON command (actor, seq);
"""

MUTES = """
ALTER TABLE alert ADD COLUMN muted TEXT NOT NULL DEFAULT '';
"""

PARTS = """
CREATE TABLE seen_part (slot INTEGER, n INTEGER, keys BLOB NOT NULL, PRIMARY KEY (slot, n))
    STRICT, WITHOUT ROWID;
"""
"""The identities of a lot that one commit brought, sorted; sealed they are one row of `seen_block`."""

BORN = """
CREATE TABLE rule_kept (digest TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
ALTER TABLE alert ADD COLUMN born TEXT NOT NULL DEFAULT '';
ALTER TABLE alert ADD COLUMN owner_en TEXT NOT NULL DEFAULT '';
"""

OF_COMMANDS = """
ALTER TABLE command ADD COLUMN unit TEXT NOT NULL DEFAULT '';
ALTER TABLE command ADD COLUMN facts TEXT NOT NULL DEFAULT '{}';
"""
"""Whose somebody was who gave a command, and what became of it in detail."""

TAKEN_BACK = """
ALTER TABLE alert ADD COLUMN ack_real INTEGER;
"""
"""When somebody acknowledged in real time: for a few seconds of that it can be taken back."""

VISITS = """
CREATE TABLE visit (person TEXT PRIMARY KEY, began INTEGER NOT NULL, last INTEGER NOT NULL, before INTEGER,
    CHECK (began <= last AND before < began)) STRICT, WITHOUT ROWID;
CREATE INDEX alert_ended ON alert (closed, opened, close_reason, source, cause)
    WHERE closed IS NOT NULL AND cause IS NULL
"""
"""The last visit of each person: first and last look, and the last look of the visit before. `check` finds by
the conditions what cannot be. The index holds all that news are counted from."""

ENDING_ACKS = """
ALTER TABLE alert ADD COLUMN ack_until INTEGER;
"""
"""Until when an acknowledgement holds; without it as long as the alert."""

REGISTERS = """
CREATE TABLE register (kind TEXT, id INTEGER, state TEXT NOT NULL, unit TEXT NOT NULL, owner TEXT NOT NULL,
    opened INTEGER NOT NULL, due INTEGER, closed INTEGER, version INTEGER NOT NULL, facts TEXT NOT NULL,
    PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
CREATE TABLE register_step (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id INTEGER NOT NULL,
    t INTEGER NOT NULL, actor TEXT NOT NULL, what TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
    evidence TEXT NOT NULL) STRICT;
CREATE INDEX register_step_of ON register_step (kind, id, seq);
ALTER TABLE alert ADD COLUMN subject_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE alert ADD COLUMN subject TEXT NOT NULL DEFAULT '';
UPDATE alert SET subject_kind = CASE WHEN asset <> '' THEN 'asset' WHEN indicator <> '' THEN 'indicator'
    ELSE 'source' END, subject = CASE WHEN asset <> '' THEN asset WHEN indicator <> '' THEN indicator
    ELSE source END
"""

PLANS = """
CREATE INDEX register_plan ON register (json_extract(facts, '$.plan'))
    WHERE json_extract(facts, '$.plan') IS NOT NULL
"""
"""What belongs to a plan, by its code: a plan is read without those of other years."""

GIVEN = """
CREATE INDEX register_given ON register (kind, id) WHERE json_extract(facts, '$.about.kind') IS NOT NULL
"""
"""Tasks outside of plans, and what else is about something: found without reading those of plans."""

TARGETS = """
CREATE TABLE target_version (number INTEGER PRIMARY KEY AUTOINCREMENT, indicator TEXT NOT NULL,
    unit TEXT NOT NULL, period TEXT NOT NULL, version INTEGER NOT NULL, value REAL NOT NULL, before REAL,
    t INTEGER NOT NULL, real INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, reason TEXT NOT NULL,
    UNIQUE (indicator, unit, period, version)) STRICT;
CREATE INDEX target_version_period ON target_version (period, unit);
CREATE INDEX target_version_newest ON target_version (indicator, number)
"""
"""What was asked of an indicator in a period, each setting in a row of its own."""

OUTBOX = """
CREATE TABLE outbox (channel TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""

EVIDENCE = """
CREATE TABLE evidence (id TEXT, person TEXT, unit TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    size INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (id, person)) STRICT, WITHOUT ROWID;
CREATE TABLE evidence_of (id TEXT, kind TEXT, number INTEGER, PRIMARY KEY (id, kind, number)) STRICT,
    WITHOUT ROWID
"""
"""Files that people have handed in, by the SHA-256 of their bytes and who did so, `at` in real time; and the
entries of registers that name them."""

HANDLED = """
ALTER TABLE alert ADD COLUMN assigned TEXT NOT NULL DEFAULT '';
ALTER TABLE alert ADD COLUMN escalated TEXT NOT NULL DEFAULT '';
ALTER TABLE alert ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
CREATE INDEX register_open ON register (kind, due) WHERE closed IS NULL
"""
"""Who has an alert, how far up it was brought, and how it ended in somebody's words. What is open of a
register is found without its history."""

RULES_OFF = """
INSERT INTO register (kind, id, state, unit, owner, opened, due, closed, version, facts)
    SELECT 'mute', row_number() OVER (ORDER BY since, rule), 'active', '', actor, since, until, NULL, 1,
    json_object('matchers', json_object('rule', rule), 'reason', reason, 'since', since, 'until', until,
    'what', 'rule_off') FROM rule_off;
INSERT INTO register_step (kind, id, t, actor, what, before, after, evidence)
    SELECT 'mute', row_number() OVER (ORDER BY since, rule), since, actor, 'rule_off', '', 'active',
    json_object('note', reason, 'until', until) FROM rule_off ORDER BY since, rule
"""
"""The rules that are off are in the ledger of mutes, too."""

HAMLETS = """
CREATE TABLE hamlet (code TEXT PRIMARY KEY, unit TEXT NOT NULL, name TEXT NOT NULL, lat REAL NOT NULL,
    lon REAL NOT NULL, population INTEGER NOT NULL, households INTEGER, schools INTEGER, offices INTEGER,
    grid INTEGER, road INTEGER) STRICT, WITHOUT ROWID
"""
"""The register of hamlets, where one was brought in."""

CELL_PEOPLE = """
CREATE TABLE cell_people (h3 TEXT PRIMARY KEY, people INTEGER NOT NULL) STRICT, WITHOUT ROWID
"""
"""How many people live in cells of resolution 8, where a file told it."""

OUTSIDE = """
CREATE TABLE outside_cell (radio TEXT, mcc INTEGER, net INTEGER, area INTEGER, cell INTEGER, code INTEGER,
    lat REAL NOT NULL, lon REAL NOT NULL, h3 TEXT NOT NULL, range INTEGER, samples INTEGER, created INTEGER,
    updated INTEGER NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (radio, mcc, net, area, cell)) STRICT,
    WITHOUT ROWID;
CREATE TABLE speed_tile (quarter TEXT, quadkey TEXT, lat REAL NOT NULL, lon REAL NOT NULL, h3 TEXT NOT NULL,
    down_kbps INTEGER NOT NULL, up_kbps INTEGER NOT NULL, latency_ms INTEGER, tests INTEGER NOT NULL,
    devices INTEGER NOT NULL, PRIMARY KEY (quarter, quadkey)) STRICT, WITHOUT ROWID;
CREATE TABLE outside_file (kind TEXT, name TEXT, at INTEGER NOT NULL, licence TEXT NOT NULL,
    PRIMARY KEY (kind, name)) STRICT, WITHOUT ROWID
"""
"""What others publish about coverage, and decides nothing here: cells (`updated` in s since 1970, `range` in
m), tiles of speed by quarter. `outside_file`: by kind (cell, tile) and origin or quarter, when it was brought
last (`at`, real time) and under which licence. `h3` is of resolution 8, as the samples are kept."""

NOTICES = """
CREATE TABLE notice (number INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, id TEXT NOT NULL,
    alert INTEGER, what TEXT NOT NULL, priority TEXT NOT NULL, t INTEGER NOT NULL, made INTEGER NOT NULL,
    state TEXT NOT NULL, tries INTEGER NOT NULL, due INTEGER NOT NULL, sent INTEGER, error TEXT NOT NULL,
    body TEXT NOT NULL, UNIQUE (channel, id)) STRICT;
CREATE INDEX notice_open ON notice (channel, due) WHERE state = 'waiting';
CREATE INDEX notice_alert ON notice (alert, channel) WHERE alert IS NOT NULL;
CREATE INDEX notice_t ON notice (t)
"""
"""What is told outside, a row a channel and matter, until long after it was sent."""

INCOMING = """
CREATE TABLE incoming_alert (number INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL,
    fingerprint TEXT NOT NULL, labels TEXT NOT NULL, annotations TEXT NOT NULL, generator TEXT NOT NULL,
    starts INTEGER NOT NULL, until INTEGER NOT NULL, heard INTEGER NOT NULL, ended INTEGER,
    seq INTEGER NOT NULL, UNIQUE (source, fingerprint)) STRICT;
CREATE INDEX incoming_alert_seq ON incoming_alert (seq);
CREATE INDEX incoming_alert_open ON incoming_alert (source) WHERE ended IS NULL
"""
"""Alerts of other systems as they were told last, in real time; `fingerprint` is that of all their labels.
Each body that changes one has a higher `seq`."""


REPORTED_HERE = """
ALTER TABLE report ADD COLUMN of_unit TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN way TEXT NOT NULL DEFAULT '';
CREATE INDEX report_received ON report (received);
CREATE INDEX evidence_named ON evidence_of (kind, number)
"""
"""Of a report that was typed into the cockpit: the unit or department of who reported, and whether by form or
by workbook; both "" for what came over the wire. Reports are found by when they came, and
files by what names them."""

SIMILAR = "CREATE INDEX alert_rule ON alert (rule, closed) WHERE closed IS NOT NULL"
"""The alerts of a rule by when they were closed."""

REPORT_COLUMNS = """
CREATE TABLE report_columns (unit TEXT PRIMARY KEY, columns TEXT NOT NULL, person TEXT NOT NULL,
    at INTEGER NOT NULL) STRICT, WITHOUT ROWID
"""
"""How the workbooks of a unit or department name the columns of its reports, as JSON by member; `at` in real
time."""

KNOWN_GROUPS = """
CREATE TABLE coverage_known (day INTEGER, run INTEGER, keys BLOB NOT NULL, PRIMARY KEY (day, run)) STRICT;
CREATE TABLE coverage_here (day INTEGER, run INTEGER, keys BLOB NOT NULL, places BLOB NOT NULL,
    PRIMARY KEY (day, run)) STRICT
"""
"""What a day of measuring has had of groups and devices, and which devices are within the window: sorted
64-bit keys, in runs that grow. `places` are the operator and cell of each."""
