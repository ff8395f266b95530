-- Staff accounts, and where they are signed in.

-- What an account may do.
create table account_roles (name text primary key not null) strict, without rowid;
insert into account_roles values ('clerk'), ('admin');

-- A clerk belongs to a branch; an admin without one answers for the whole organisation.
create table accounts (
    id integer primary key not null,
    email text not null collate nocase check (length(email) between 3 and 320),
    name text not null check (length(name) between 1 and 100),
    -- As in services.
    name_key text not null,
    role text not null references account_roles (name),
    branch_id integer references branches (id),
    zone text not null,
    -- A PHC string (argon2id). Null: this account signs in elsewhere, or not at all.
    password_hash text,
    -- Somebody else chose the password. It is good for one thing: choosing another.
    password_is_given integer not null default 0 check (password_is_given in (0, 1)),
    -- The object id in Microsoft Entra, in whose name Graph makes meetings.
    entra_id text not null default '' check (length(entra_id) in (0, 36)),
    -- A BCP 47 tag. Null: the owner reads what their browser asks for.
    language text check (length(language) between 2 and 35),
    active integer not null default 1 check (active in (0, 1)),
    created_at integer not null,
    constraint account_email_taken unique (email),
    constraint clerk_has_branch check (role <> 'clerk' or branch_id is not null)
) strict;

-- Sign-ins. Only the SHA-256 of a session's secret is stored: a copy of this file opens no session. Their numbers are
-- never given twice: a person is shown theirs and may end one, and a seat of staff knows in which it was taken.
create table sessions (
    id integer primary key autoincrement not null,
    secret_hash blob not null check (length(secret_hash) = 32),
    account_id integer not null references accounts (id) on delete cascade,
    -- What the browser calls itself, in a few words, such as "Firefox on Windows"; empty where it does not say.
    browser text not null default '' check (length(browser) <= 60),
    created_at integer not null,
    seen_at integer not null,
    constraint session_secret unique (secret_hash)
) strict;

-- Serves "sign out everywhere".
create index sessions_account on sessions (account_id);

-- A browser in which this account has signed in before. Guessing from elsewhere slows strangers down, never these.
-- `created_at` is when somebody last signed in there.
create table known_browsers (
    secret_hash blob primary key not null check (length(secret_hash) = 32),
    account_id integer not null references accounts (id) on delete cascade,
    created_at integer not null
) strict, without rowid;

-- Serves "forget every browser of this account" (a new password, signing out everywhere).
create index known_browsers_account on known_browsers (account_id);
-- Serves the pruning of those in which nobody has signed in for a year.
create index known_browsers_created on known_browsers (created_at);

-- Failed sign-ins of the last quarter of an hour. `key_hash` is a hash of who is being limited (an address together
-- with a network, a network, an address): no personal data stays here.
create table sign_in_failures (
    id integer primary key not null,
    key_hash blob not null check (length(key_hash) = 32),
    at integer not null
) strict;

-- Serves "how many failures has this key since …".
create index sign_in_failures_key on sign_in_failures (key_hash, at);
