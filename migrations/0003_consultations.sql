-- Consultations, and the rule that a host is never booked twice.

-- By whom a consultation was made.
create table creators (kind text primary key not null) strict, without rowid;
insert into creators values ('staff');

-- How the host left a consultation that is over.
create table conclusions (name text primary key not null) strict, without rowid;
insert into conclusions values ('settled'), ('follow_up'), ('unsettled');

create table consultations (
    -- Drawn at random: it stands in addresses, and nobody counts through them.
    id integer primary key not null,
    service_id integer not null references services (id),
    branch_id integer not null references branches (id),
    host_id integer not null references accounts (id),
    engine text not null references engines (name),
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
    -- What came of it, in the host's words, and how they left it.
    outcome text not null default '',
    conclusion text references conclusions (name),
    -- On an engine that makes meetings elsewhere: the canonical link or ID; and, where we had it made, what it is called there.
    meeting text,
    meeting_organizer text,
    meeting_graph_id text,
    -- How many meetings of this consultation were discarded: it is part of the next one's name.
    meetings_discarded integer not null default 0,
    -- Guests of a webinar only watch and listen: their seats are attendees', whatever Teams would let them do.
    webinar integer not null default 0 check (webinar in (0, 1)),
    -- By which kind of actor, and by whom, where that is an account.
    created_kind text not null references creators (kind),
    created_by integer references accounts (id),
    created_at integer not null,
    check (created_kind <> 'staff' or created_by is not null),
    check ((meeting_graph_id is null) = (meeting_organizer is null)),
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

-- Serves the dashboard: counts over a range of starts, by day, branch, service, host and outcome, from the index alone;
-- and which cancellations came when the consultation should have begun already: they count among those that could have
-- been kept.
create index consultations_figures on consultations
    (starts_at, branch_id, service_id, host_id, state, missed_side, cancelled_by, cancelled_at);

-- Serves the dashboard's lengths: from both sides being in to the end.
create index consultations_lengths on consultations (starts_at, branch_id, service_id, host_id, live_at, ended_at)
    where state = 'ended';

-- Serves the sweep: what is unfinished and past its end.
create index consultations_unfinished on consultations (ends_at)
    where state in ('scheduled', 'open', 'live');
