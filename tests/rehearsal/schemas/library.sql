-- A library that somebody thought about: what looks like a fault here is none.
CREATE SCHEMA library;
SET search_path = library;

CREATE TYPE loan_state AS ENUM ('out', 'returned', 'lost');
CREATE DOMAIN mail_address AS text CHECK (VALUE LIKE '%@%');

CREATE TABLE branches (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    address_line1 text NOT NULL,
    address_line2 text,
    postal_code text NOT NULL,
    city text NOT NULL
);

CREATE TABLE members (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    branch_id integer NOT NULL REFERENCES branches,
    email mail_address NOT NULL,
    name text NOT NULL,
    referred_by bigint REFERENCES members,
    external_id text,
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE UNIQUE INDEX members_email_key ON members (lower(email));
CREATE INDEX members_branch_id_created_at_idx ON members (branch_id, created_at);
CREATE INDEX members_referred_by_idx ON members (referred_by);
CREATE INDEX members_living_idx ON members (created_at) WHERE deleted_at IS NULL;

CREATE TABLE statuses (code text PRIMARY KEY, title text NOT NULL);

CREATE TABLE titles (
    isbn text PRIMARY KEY,
    title text NOT NULL,
    tags text[] NOT NULL DEFAULT '{}',
    price numeric(8, 2) NOT NULL CHECK (price >= 0),
    notes text,
    sha256 bytea,
    md5 text
);

CREATE TABLE copies (
    isbn text NOT NULL REFERENCES titles,
    copy_no integer NOT NULL CHECK (copy_no > 0),
    branch_id integer NOT NULL REFERENCES branches,
    status text NOT NULL REFERENCES statuses,
    PRIMARY KEY (isbn, copy_no)
);
CREATE INDEX ON copies (branch_id);
CREATE INDEX ON copies (status);

CREATE TABLE loans (
    id bigint GENERATED ALWAYS AS IDENTITY,
    isbn text NOT NULL,
    copy_no integer NOT NULL,
    member_id bigint NOT NULL REFERENCES members,
    state loan_state NOT NULL DEFAULT 'out',
    lent_on date NOT NULL,
    returned_on date,
    fee numeric(8, 2) NOT NULL DEFAULT 0 CHECK (fee >= 0),
    PRIMARY KEY (id, lent_on),
    FOREIGN KEY (isbn, copy_no) REFERENCES copies
) PARTITION BY RANGE (lent_on);
CREATE TABLE loans_2025 PARTITION OF loans FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE loans_2026 PARTITION OF loans FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX ON loans (copy_no, isbn);
CREATE INDEX ON loans (member_id);

CREATE TABLE title_subjects (
    isbn text NOT NULL REFERENCES titles,
    subject text NOT NULL,
    PRIMARY KEY (isbn, subject)
);

CREATE VIEW overdue AS SELECT * FROM loans WHERE state = 'out';

INSERT INTO branches (name, address_line1, postal_code, city) VALUES ('Centre', 'High Street 1', '1010', 'Wien');
INSERT INTO members (branch_id, email, name, settings)
SELECT 1, 'm' || n || '@example.com', 'Member ' || n,
       CASE n % 3 WHEN 0 THEN '{"theme": "dark"}'::jsonb WHEN 1 THEN '{"language": "de"}' ELSE '{}' END
FROM generate_series(1, 40) n;
INSERT INTO titles (isbn, title, price, notes) SELECT 'I' || n, 'Title ' || n, n, 'old, worn, mended' FROM generate_series(1, 40) n;
