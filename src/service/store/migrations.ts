/**
 * The schema, one step a version; a step that was released is never edited. The database's
 * `user_version` says how many were applied.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE tasks (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE,
    phase TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    notebook_path TEXT,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX tasks_by_time ON tasks (created_at DESC);
  CREATE INDEX tasks_by_phase ON tasks (phase);
  CREATE TABLE requests (
    task TEXT PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
    body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE events (
    task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    idx INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (task, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX events_once ON events (task, attempt, seq);
  CREATE TABLE offsets (
    task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    byte_offset INTEGER NOT NULL,
    PRIMARY KEY (task, attempt)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE works (
    task TEXT PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
    folder TEXT,
    cwd TEXT NOT NULL,
    notebook TEXT,
    place TEXT NOT NULL,
    rule TEXT NOT NULL,
    listed_at INTEGER
  ) STRICT;
  CREATE INDEX works_by_notebook ON works (notebook, place);
  CREATE TABLE sent_files (
    task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (task, path)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE files (
    task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    kind TEXT NOT NULL,
    is_new INTEGER NOT NULL,
    state TEXT NOT NULL,
    rank INTEGER,
    local_path TEXT,
    reason TEXT,
    sha256 TEXT,
    settled_at INTEGER,
    into_folder TEXT,
    PRIMARY KEY (task, path)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX files_by_state ON files (task, state);
  CREATE INDEX files_by_place ON files (local_path) WHERE local_path IS NOT NULL;
  `,
  // What bears no seal takes no number away from what does.
  `
  ALTER TABLE events ADD COLUMN unverified INTEGER NOT NULL DEFAULT 0;
  DROP INDEX events_once;
  CREATE UNIQUE INDEX events_once ON events (task, attempt, seq) WHERE unverified = 0;
  DROP INDEX tasks_by_time;
  CREATE INDEX tasks_by_time ON tasks (created_at DESC, id, phase);
  `
];
