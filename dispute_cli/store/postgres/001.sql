-- Version 1. Everything of one order has `purchase` in its key, so that hash partitions on it, or a distributed PostgreSQL, keep a purchase's
-- lines together; store, clock, ticks, policies and blobs are small or never joined, and may stand whole on every machine.

CREATE TABLE store (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version integer NOT NULL,
    head json NOT NULL
);

-- `tick`: the shared tick that is under way, or null; `behind`: a tick was cut short inside an instant, and something is due already.
CREATE TABLE clock (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    now timestamptz NOT NULL,
    tick bigint,
    behind boolean NOT NULL DEFAULT false
);

-- One row a shared tick: `since` and `last` are the numbers before its first event and of its last one, `fired` its deadlines.
CREATE TABLE ticks (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    began timestamptz NOT NULL,
    target timestamptz NOT NULL,
    idle boolean NOT NULL,
    since bigint NOT NULL,
    last bigint,
    fired bigint
);

-- How many deadlines each chunk of the tick under way fired: rows of their own, so that no worker waits for another one's sum.
CREATE TABLE shares (
    tick bigint NOT NULL,
    fired bigint NOT NULL
);

-- How an order stands. `was`: its deadline before the tick under way touched it, which is what readers see until the clock has moved.
-- Room is left on each page, so that a change that moves no deadline touches no index.
CREATE TABLE heads (
    purchase text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    due timestamptz,
    disputed boolean NOT NULL,
    events integer NOT NULL,
    at timestamptz,
    was timestamptz,
    hash bytea NOT NULL,
    PRIMARY KEY (purchase, id)
) WITH (fillfactor = 80);
CREATE INDEX heads_id ON heads (id);
CREATE INDEX heads_due ON heads (due, id) WHERE due IS NOT NULL;
CREATE INDEX heads_disputed ON heads (id) WHERE disputed;

-- `hash`: SHA-256 of the hash of the order's event before (nothing before its first) and of `body`, byte for byte.
CREATE TABLE events (
    purchase text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    body json NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (purchase, id, position)
);
CREATE INDEX events_seq ON events (seq);

-- `first` and `last`: the numbers of its command's events; `last` is smaller where it has none.
CREATE TABLE keys (
    key text COLLATE "C" PRIMARY KEY,
    body json NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL
);
CREATE INDEX keys_last ON keys (last);

CREATE TABLE policies (
    hash text COLLATE "C" PRIMARY KEY,
    body json NOT NULL
);

CREATE TABLE blobs (
    hash text COLLATE "C" PRIMARY KEY,
    data bytea NOT NULL
);

CREATE SEQUENCE seq;

-- Numbers without a gap between them. The transaction has its own number first, so that a follower who has seen every transaction that began
-- before knows every number drawn before.
CREATE FUNCTION draw(many bigint, gate bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    first bigint;
BEGIN
    PERFORM pg_current_xact_id();
    PERFORM pg_advisory_lock(gate);
    first := nextval('seq');
    IF many > 1 THEN
        PERFORM setval('seq', first + many - 1);
    END IF;
    PERFORM pg_advisory_unlock(gate);
    RETURN first;
END
$$;
