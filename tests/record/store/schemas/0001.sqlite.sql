CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0001

CREATE TABLE entry (
    seq INTEGER NOT NULL, 
    kind TEXT NOT NULL, 
    source TEXT NOT NULL, 
    id TEXT NOT NULL, 
    actor TEXT NOT NULL, 
    time INTEGER NOT NULL, 
    recorded INTEGER NOT NULL, 
    body BLOB NOT NULL, 
    leaf BLOB NOT NULL, 
    chain BLOB NOT NULL, 
    CONSTRAINT entry_pk PRIMARY KEY (seq), 
    CONSTRAINT entry_said_once UNIQUE (source, id), 
    CONSTRAINT entry_seq CHECK (seq >= 0)
)
 STRICT;

CREATE INDEX entry_by_kind ON entry (kind, seq);

CREATE TABLE head (
    one INTEGER NOT NULL, 
    size INTEGER NOT NULL, 
    chain BLOB NOT NULL, 
    frontier BLOB NOT NULL, 
    recorded INTEGER NOT NULL, 
    epoch INTEGER NOT NULL, 
    CONSTRAINT head_pk PRIMARY KEY (one), 
    CONSTRAINT head_one CHECK (one = 1)
)
 STRICT;

INSERT INTO head VALUES (1, 0, zeroblob(32), x'', 0, 0);

CREATE TABLE checkpoint (
    size INTEGER NOT NULL, 
    note TEXT NOT NULL, 
    recorded INTEGER NOT NULL, 
    CONSTRAINT checkpoint_pk PRIMARY KEY (size)
)
 STRICT;

CREATE TABLE cosignature (
    size INTEGER NOT NULL, 
    witness TEXT NOT NULL, 
    line TEXT NOT NULL, 
    CONSTRAINT cosignature_pk PRIMARY KEY (size, witness)
)
 STRICT;

CREATE TABLE single (
    seq INTEGER NOT NULL, 
    "row" INTEGER NOT NULL, 
    source TEXT NOT NULL, 
    id TEXT NOT NULL, 
    slot INTEGER NOT NULL, 
    time INTEGER NOT NULL, 
    recorded INTEGER NOT NULL, 
    packed BLOB NOT NULL, 
    leaf BLOB NOT NULL, 
    CONSTRAINT single_pk PRIMARY KEY (seq, "row"), 
    CONSTRAINT single_said_once UNIQUE (source, id)
)
 STRICT;

CREATE TABLE held (
    id TEXT NOT NULL, 
    source TEXT NOT NULL, 
    reason TEXT NOT NULL, 
    event BLOB, 
    batch TEXT, 
    recorded INTEGER NOT NULL, 
    state TEXT NOT NULL, 
    decided INTEGER, 
    CONSTRAINT held_pk PRIMARY KEY (id)
)
 STRICT;

CREATE TABLE source (
    name TEXT NOT NULL, 
    body BLOB NOT NULL, 
    recorded INTEGER NOT NULL, 
    CONSTRAINT source_pk PRIMARY KEY (name)
)
 STRICT;

CREATE TABLE settings (
    "key" TEXT NOT NULL, 
    value TEXT NOT NULL, 
    CONSTRAINT settings_pk PRIMARY KEY ("key")
)
 STRICT;

CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entry: no UPDATE, what is written stays'); END;

CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entry: no DELETE, what is written stays'); END;

CREATE TRIGGER head_no_delete BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'head: no DELETE, what is written stays'); END;

CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint: no UPDATE, what is written stays'); END;

CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint: no DELETE, what is written stays'); END;

CREATE TRIGGER cosignature_no_update BEFORE UPDATE ON cosignature BEGIN SELECT RAISE(ABORT, 'cosignature: no UPDATE, what is written stays'); END;

CREATE TRIGGER cosignature_no_delete BEFORE DELETE ON cosignature BEGIN SELECT RAISE(ABORT, 'cosignature: no DELETE, what is written stays'); END;

CREATE TRIGGER single_no_update BEFORE UPDATE ON single BEGIN SELECT RAISE(ABORT, 'single: no UPDATE, what is written stays'); END;

CREATE TRIGGER source_no_delete BEFORE DELETE ON source BEGIN SELECT RAISE(ABORT, 'source: no DELETE, what is written stays'); END;

CREATE TRIGGER settings_no_update BEFORE UPDATE ON settings BEGIN SELECT RAISE(ABORT, 'settings: no UPDATE, what is written stays'); END;

CREATE TRIGGER settings_no_delete BEFORE DELETE ON settings BEGIN SELECT RAISE(ABORT, 'settings: no DELETE, what is written stays'); END;

INSERT INTO alembic_version (version_num) VALUES ('0001') RETURNING version_num;

INSERT INTO entry VALUES (0, 'home.opened', 'home', 'opened', 'init', 1767225600000000, 1767225600000000, x'00ff', x'00ff', x'00ff');
INSERT INTO checkpoint VALUES (1, 'note', 1767225600000001);
INSERT INTO cosignature VALUES (1, 'witness', 'line');
INSERT INTO single VALUES (0, 0, 'bank', 'e1', 0, 1767225600000000, 1767225600000000, x'00ff', x'00ff');
INSERT INTO source VALUES ('bank', x'00ff', 1767225600000000);
INSERT INTO held VALUES ('h1', 'bank', 'early', NULL, NULL, 1767225600000000, 'held', NULL);
INSERT INTO settings VALUES ('world', 'live');
