-- Consultations, and the rule that a host is never booked twice.
create table consultations (
    id integer primary key not null,
    service_id integer not null references services (id),
    branch_id integer not null references branches (id),
    host_id integer not null references accounts (id),
    engine text not null check (engine in ('builtin', 'teams')),
    starts_at integer not null,
    ends_at integer not null,
    -- The stretch that keeps the host busy: start to end with the service's buffers around it.
    busy_from integer not null,
    busy_until integer not null,
    zone text not null,
    notes text not null default '',
    state text not null check (state in ('scheduled', 'open', 'live', 'ended', 'cancelled', 'missed')),
    missed_side text check (missed_side in ('guest', 'host', 'technical')),
    cancelled_by text check (cancelled_by in ('staff', 'guest')),
    cancelled_at integer,
    cancel_reason text not null default '',
    opened_at integer,
    live_at integer,
    ended_at integer,
    moved_from integer,
    moved_at integer,
    outcome text not null default '',
    created_by integer not null references accounts (id),
    created_at integer not null,
    check (ends_at > starts_at and ends_at - starts_at <= 480 * 60000),
    check (busy_from <= starts_at and busy_from >= starts_at - 120 * 60000),
    check (busy_until >= ends_at and busy_until <= ends_at + 120 * 60000),
    check ((state = 'missed') = (missed_side is not null)),
    check ((state = 'cancelled') = (cancelled_by is not null)),
    check ((state = 'cancelled') = (cancelled_at is not null)),
    check (state not in ('live', 'ended') or live_at is not null),
    check ((state = 'ended') = (ended_at is not null)),
    check ((moved_from is null) = (moved_at is null))
) strict;

-- Serves the overlap rule below: a host's busy stretches by their beginning.
create index consultations_host_busy on consultations (host_id, busy_from)
    where state in ('scheduled', 'open', 'live');

-- Two stretches overlap when each begins before the other ends. A stretch is at most 480 + 2 × 120 = 720 minutes long,
-- so one that overlaps began at most that long before: the index is searched over a bounded range.
-- A trigger runs inside the write that causes it, and SQLite has one writer at a time: no interleaving gets past it.
create trigger consultations_host_free_insert
before insert on consultations
when new.state in ('scheduled', 'open', 'live')
begin
    select raise(abort, 'host_busy')
    where exists (
        select 1 from consultations c
        where c.host_id = new.host_id
            and c.state in ('scheduled', 'open', 'live')
            and c.busy_from < new.busy_until
            and c.busy_from > new.busy_from - 720 * 60000
            and c.busy_until > new.busy_from
    );
end;

create trigger consultations_host_free_update
before update of host_id, busy_from, busy_until, state on consultations
when new.state in ('scheduled', 'open', 'live')
    and (old.host_id <> new.host_id or old.busy_from <> new.busy_from or old.busy_until <> new.busy_until
        or old.state not in ('scheduled', 'open', 'live'))
begin
    select raise(abort, 'host_busy')
    where exists (
        select 1 from consultations c
        where c.id <> new.id
            and c.host_id = new.host_id
            and c.state in ('scheduled', 'open', 'live')
            and c.busy_from < new.busy_until
            and c.busy_from > new.busy_from - 720 * 60000
            and c.busy_until > new.busy_from
    );
end;

-- Serves the Today page and lists sorted by start, per branch.
create index consultations_branch_start on consultations (branch_id, starts_at);

-- Serves the dashboard: counts over a range of starts, by day, branch, service, host and outcome, from the index alone.
create index consultations_figures on consultations
    (starts_at, branch_id, service_id, host_id, state, missed_side, cancelled_by);

-- Serves the sweep: what is unfinished and past its end.
create index consultations_unfinished on consultations (ends_at)
    where state in ('scheduled', 'open', 'live');
