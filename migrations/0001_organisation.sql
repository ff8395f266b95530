-- Branches and services: what can be scheduled, and where. All times are UTC milliseconds since the Unix epoch in
-- INTEGER columns named *_at; beside a time that people agreed on stands the IANA zone that it was meant in.

create table branches (
    id integer primary key not null,
    name text not null check (length(name) between 1 and 100),
    zone text not null,
    opens_minute integer not null check (opens_minute between 0 and 1440),
    closes_minute integer not null check (closes_minute between 0 and 1440),
    created_at integer not null,
    constraint branch_name_taken unique (name)
) strict;

create table services (
    id integer primary key not null,
    branch_id integer not null references branches (id),
    name text not null check (length(name) between 1 and 100),
    minutes integer not null check (minutes between 5 and 480),
    buffer_before_minutes integer not null check (buffer_before_minutes between 0 and 120),
    buffer_after_minutes integer not null check (buffer_after_minutes between 0 and 120),
    engine text not null check (engine in ('builtin', 'teams')),
    active integer not null default 1 check (active in (0, 1)),
    created_at integer not null,
    constraint service_name_taken unique (branch_id, name)
) strict;
