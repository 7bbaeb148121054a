CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0001

CREATE TABLE entry (
    seq BIGINT NOT NULL, 
    kind TEXT COLLATE "C" NOT NULL, 
    source TEXT COLLATE "C" NOT NULL, 
    id TEXT COLLATE "C" NOT NULL, 
    actor TEXT COLLATE "C" NOT NULL, 
    time BIGINT NOT NULL, 
    recorded BIGINT NOT NULL, 
    body BYTEA NOT NULL, 
    leaf BYTEA NOT NULL, 
    chain BYTEA NOT NULL, 
    CONSTRAINT entry_pk PRIMARY KEY (seq), 
    CONSTRAINT entry_said_once UNIQUE (source, id), 
    CONSTRAINT entry_seq CHECK (seq >= 0)
);

COMMENT ON TABLE entry IS 'One row per entry of the ledger, numbered from 0 without a gap';

CREATE INDEX entry_by_kind ON entry (kind, seq);

CREATE TABLE head (
    one INTEGER NOT NULL, 
    size BIGINT NOT NULL, 
    chain BYTEA NOT NULL, 
    frontier BYTEA NOT NULL, 
    recorded BIGINT NOT NULL, 
    epoch BIGINT NOT NULL, 
    CONSTRAINT head_pk PRIMARY KEY (one), 
    CONSTRAINT head_one CHECK (one = 1)
);

COMMENT ON TABLE head IS 'One row: where the ledger ends, derived from its entries; locked by whoever writes';

INSERT INTO head VALUES (1, 0, decode(repeat('00', 32), 'hex'), '', 0, 0);

CREATE TABLE checkpoint (
    size BIGINT NOT NULL, 
    note TEXT COLLATE "C" NOT NULL, 
    recorded BIGINT NOT NULL, 
    CONSTRAINT checkpoint_pk PRIMARY KEY (size)
);

COMMENT ON TABLE checkpoint IS 'One row per head that was signed';

CREATE TABLE cosignature (
    size BIGINT NOT NULL, 
    witness TEXT COLLATE "C" NOT NULL, 
    line TEXT COLLATE "C" NOT NULL, 
    CONSTRAINT cosignature_pk PRIMARY KEY (size, witness)
);

COMMENT ON TABLE cosignature IS 'One row per head and witness';

CREATE TABLE single (
    seq BIGINT NOT NULL, 
    row INTEGER NOT NULL, 
    source TEXT COLLATE "C" NOT NULL, 
    id TEXT COLLATE "C" NOT NULL, 
    slot BIGINT NOT NULL, 
    time BIGINT NOT NULL, 
    recorded BIGINT NOT NULL, 
    packed BYTEA NOT NULL, 
    leaf BYTEA NOT NULL, 
    CONSTRAINT single_pk PRIMARY KEY (seq, row), 
    CONSTRAINT single_said_once UNIQUE (source, id)
);

COMMENT ON TABLE single IS 'One row per event that lies in no segment yet';

CREATE TABLE held (
    id TEXT COLLATE "C" NOT NULL, 
    source TEXT COLLATE "C" NOT NULL, 
    reason TEXT COLLATE "C" NOT NULL, 
    event BYTEA, 
    batch TEXT COLLATE "C", 
    recorded BIGINT NOT NULL, 
    state TEXT COLLATE "C" NOT NULL, 
    decided BIGINT, 
    CONSTRAINT held_pk PRIMARY KEY (id)
);

COMMENT ON TABLE held IS 'One row per event in quarantine; of what was refused or released the event itself is gone';

CREATE TABLE source (
    name TEXT COLLATE "C" NOT NULL, 
    body BYTEA NOT NULL, 
    recorded BIGINT NOT NULL, 
    CONSTRAINT source_pk PRIMARY KEY (name)
);

COMMENT ON TABLE source IS 'One row per registered source: what it may send';

CREATE TABLE settings (
    key TEXT COLLATE "C" NOT NULL, 
    value TEXT COLLATE "C" NOT NULL, 
    CONSTRAINT settings_pk PRIMARY KEY (key)
);

COMMENT ON TABLE settings IS 'One row per fact that a home was made with';

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation'; END $$;

CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse('entry: no UPDATE, what is written stays');

ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_update;

CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse('entry: no DELETE, what is written stays');

ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_delete;

CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse('entry: no TRUNCATE, what is written stays');

ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_truncate;

GRANT SELECT, INSERT ON entry TO "WRITER";

GRANT SELECT ON entry TO "READER";

CREATE TRIGGER head_no_delete BEFORE DELETE ON head FOR EACH STATEMENT EXECUTE FUNCTION refuse('head: no DELETE, what is written stays');

ALTER TABLE head ENABLE ALWAYS TRIGGER head_no_delete;

CREATE TRIGGER head_no_truncate BEFORE TRUNCATE ON head FOR EACH STATEMENT EXECUTE FUNCTION refuse('head: no TRUNCATE, what is written stays');

ALTER TABLE head ENABLE ALWAYS TRIGGER head_no_truncate;

GRANT SELECT, INSERT, UPDATE ON head TO "WRITER";

GRANT SELECT ON head TO "READER";

CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse('checkpoint: no UPDATE, what is written stays');

ALTER TABLE checkpoint ENABLE ALWAYS TRIGGER checkpoint_no_update;

CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse('checkpoint: no DELETE, what is written stays');

ALTER TABLE checkpoint ENABLE ALWAYS TRIGGER checkpoint_no_delete;

CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse('checkpoint: no TRUNCATE, what is written stays');

ALTER TABLE checkpoint ENABLE ALWAYS TRIGGER checkpoint_no_truncate;

GRANT SELECT, INSERT ON checkpoint TO "WRITER";

GRANT SELECT ON checkpoint TO "READER";

CREATE TRIGGER cosignature_no_update BEFORE UPDATE ON cosignature FOR EACH STATEMENT EXECUTE FUNCTION refuse('cosignature: no UPDATE, what is written stays');

ALTER TABLE cosignature ENABLE ALWAYS TRIGGER cosignature_no_update;

CREATE TRIGGER cosignature_no_delete BEFORE DELETE ON cosignature FOR EACH STATEMENT EXECUTE FUNCTION refuse('cosignature: no DELETE, what is written stays');

ALTER TABLE cosignature ENABLE ALWAYS TRIGGER cosignature_no_delete;

CREATE TRIGGER cosignature_no_truncate BEFORE TRUNCATE ON cosignature FOR EACH STATEMENT EXECUTE FUNCTION refuse('cosignature: no TRUNCATE, what is written stays');

ALTER TABLE cosignature ENABLE ALWAYS TRIGGER cosignature_no_truncate;

GRANT SELECT, INSERT ON cosignature TO "WRITER";

GRANT SELECT ON cosignature TO "READER";

CREATE TRIGGER single_no_update BEFORE UPDATE ON single FOR EACH STATEMENT EXECUTE FUNCTION refuse('single: no UPDATE, what is written stays');

ALTER TABLE single ENABLE ALWAYS TRIGGER single_no_update;

CREATE TRIGGER single_no_truncate BEFORE TRUNCATE ON single FOR EACH STATEMENT EXECUTE FUNCTION refuse('single: no TRUNCATE, what is written stays');

ALTER TABLE single ENABLE ALWAYS TRIGGER single_no_truncate;

GRANT SELECT, INSERT, DELETE ON single TO "WRITER";

GRANT SELECT ON single TO "READER";

CREATE TRIGGER source_no_delete BEFORE DELETE ON source FOR EACH STATEMENT EXECUTE FUNCTION refuse('source: no DELETE, what is written stays');

ALTER TABLE source ENABLE ALWAYS TRIGGER source_no_delete;

CREATE TRIGGER source_no_truncate BEFORE TRUNCATE ON source FOR EACH STATEMENT EXECUTE FUNCTION refuse('source: no TRUNCATE, what is written stays');

ALTER TABLE source ENABLE ALWAYS TRIGGER source_no_truncate;

GRANT SELECT, INSERT, UPDATE ON source TO "WRITER";

GRANT SELECT ON source TO "READER";

CREATE TRIGGER held_no_truncate BEFORE TRUNCATE ON held FOR EACH STATEMENT EXECUTE FUNCTION refuse('held: no TRUNCATE, what is written stays');

ALTER TABLE held ENABLE ALWAYS TRIGGER held_no_truncate;

GRANT SELECT, INSERT, UPDATE, DELETE ON held TO "WRITER";

GRANT SELECT ON held TO "READER";

CREATE TRIGGER settings_no_update BEFORE UPDATE ON settings FOR EACH STATEMENT EXECUTE FUNCTION refuse('settings: no UPDATE, what is written stays');

ALTER TABLE settings ENABLE ALWAYS TRIGGER settings_no_update;

CREATE TRIGGER settings_no_delete BEFORE DELETE ON settings FOR EACH STATEMENT EXECUTE FUNCTION refuse('settings: no DELETE, what is written stays');

ALTER TABLE settings ENABLE ALWAYS TRIGGER settings_no_delete;

CREATE TRIGGER settings_no_truncate BEFORE TRUNCATE ON settings FOR EACH STATEMENT EXECUTE FUNCTION refuse('settings: no TRUNCATE, what is written stays');

ALTER TABLE settings ENABLE ALWAYS TRIGGER settings_no_truncate;

GRANT SELECT, INSERT ON settings TO "WRITER";

GRANT SELECT ON settings TO "READER";

GRANT USAGE ON SCHEMA goodstanding TO "WRITER";

GRANT SELECT ON alembic_version TO "WRITER";

GRANT USAGE ON SCHEMA goodstanding TO "READER";

GRANT SELECT ON alembic_version TO "READER";

INSERT INTO alembic_version (version_num) VALUES ('0001') RETURNING alembic_version.version_num;

INSERT INTO entry VALUES (0, 'home.opened', 'home', 'opened', 'init', 1767225600000000, 1767225600000000, '\x00ff', '\x00ff', '\x00ff');
INSERT INTO checkpoint VALUES (1, 'note', 1767225600000001);
INSERT INTO cosignature VALUES (1, 'witness', 'line');
INSERT INTO single VALUES (0, 0, 'bank', 'e1', 0, 1767225600000000, 1767225600000000, '\x00ff', '\x00ff');
INSERT INTO source VALUES ('bank', '\x00ff', 1767225600000000);
INSERT INTO held VALUES ('h1', 'bank', 'early', NULL, NULL, 1767225600000000, 'held', NULL);
INSERT INTO settings VALUES ('world', 'live');
