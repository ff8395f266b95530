-- Branches and services: what can be scheduled, and where. All times are UTC milliseconds since the Unix epoch in
-- INTEGER columns named *_at; beside a time that people agreed on stands the IANA zone that it was meant in.

-- What carries meetings. Sets that will grow are tables: another value is a row.
create table engines (name text primary key not null) strict, without rowid;
insert into engines values ('builtin'), ('teams');

create table branches (
    id integer primary key not null,
    name text not null check (length(name) between 1 and 100),
    zone text not null,
    opens_minute integer not null check (opens_minute between 0 and 1440),
    closes_minute integer not null check (closes_minute between 0 and 1440),
    -- Where a guest reaches the branch. Empty where it says nothing.
    phone text not null default '' check (length(phone) <= 40),
    email text not null default '' check (length(email) <= 320),
    address text not null default '' check (length(address) <= 300),
    created_at integer not null,
    constraint branch_name_taken unique (name)
) strict;

create table services (
    id integer primary key not null,
    branch_id integer not null references branches (id),
    name text not null check (length(name) between 1 and 100),
    -- The name without capitals and accents, as it is sorted by and looked for: SQLite can drop them in no script but
    -- ours. Who writes a name writes its key with it.
    name_key text not null,
    minutes integer not null check (minutes between 5 and 480),
    buffer_before_minutes integer not null check (buffer_before_minutes between 0 and 120),
    buffer_after_minutes integer not null check (buffer_after_minutes between 0 and 120),
    engine text not null references engines (name),
    -- On Teams: a clerk admits guests here before they get credentials.
    admit_first integer not null default 0 check (admit_first in (0, 1)),
    active integer not null default 1 check (active in (0, 1)),
    created_at integer not null,
    constraint service_name_taken unique (branch_id, name)
) strict;

-- What guests of a service agree to before they join, in every version there ever was: an event names the row, so that the
-- text that somebody agreed to can be read years later. The newest row of a service is the one in force; an empty text
-- says that guests are asked nothing from then on.
create table service_consents (
    id integer primary key autoincrement not null,
    service_id integer not null references services (id),
    text text not null check (length(text) <= 2000),
    created_at integer not null
) strict;

-- Serves the newest version of a service, read at every join.
create index service_consents_service on service_consents (service_id, id);

create trigger service_consents_are_never_changed before update on service_consents
begin
    select raise(abort, 'service_consents_append_only');
end;

create trigger service_consents_are_never_deleted before delete on service_consents
begin
    select raise(abort, 'service_consents_append_only');
end;

-- What an admin sets for the whole organisation, and what this installation remembers of itself.
create table settings (
    name text primary key not null,
    value text not null
) strict, without rowid;
