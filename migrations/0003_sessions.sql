-- Sign-ins. Only the SHA-256 of a session's secret is stored: a copy of this file opens no session.
create table sessions (
    secret_hash blob primary key not null check (length(secret_hash) = 32),
    account_id integer not null references accounts (id) on delete cascade,
    created_at integer not null,
    seen_at integer not null
) strict, without rowid;

-- Serves "sign out everywhere".
create index sessions_account on sessions (account_id);

-- A browser in which this account has signed in before. Guessing from elsewhere slows strangers down, never these.
create table known_browsers (
    secret_hash blob primary key not null check (length(secret_hash) = 32),
    account_id integer not null references accounts (id) on delete cascade,
    created_at integer not null
) strict, without rowid;

-- Failed sign-ins of the last quarter of an hour. `key_hash` is a hash of who is being limited (an address together
-- with a network, a network, an address): no personal data stays here.
create table sign_in_failures (
    id integer primary key not null,
    key_hash blob not null check (length(key_hash) = 32),
    at integer not null
) strict;

-- Serves "how many failures has this key since …".
create index sign_in_failures_key on sign_in_failures (key_hash, at);
