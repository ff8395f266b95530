-- Sessions have a number, never given twice: a person is shown theirs and may end one, and a seat of staff knows in which
-- session it was taken.
create table numbered_sessions (
    id integer primary key autoincrement not null,
    secret_hash blob not null check (length(secret_hash) = 32),
    account_id integer not null references accounts (id) on delete cascade,
    -- What the browser calls itself, in a few words, such as "Firefox on Windows"; empty where it does not say.
    browser text not null default '' check (length(browser) <= 60),
    created_at integer not null,
    seen_at integer not null,
    constraint session_secret unique (secret_hash)
) strict;

insert into numbered_sessions (secret_hash, account_id, created_at, seen_at)
select secret_hash, account_id, created_at, seen_at from sessions;

drop table sessions;
alter table numbered_sessions rename to sessions;

-- Serves "sign out everywhere".
create index sessions_account on sessions (account_id);

-- Of staff; no reference, because the session is gone before the seat is.
alter table visits add column session_id integer;

create index visits_session on visits (session_id) where left_at is null and session_id is not null;
