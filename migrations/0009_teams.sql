-- What a participant's client reports from Microsoft Teams, and identities that were made for guests.

create table teams_visits (
    visit_id integer primary key not null references visits (id),
    -- Where the participant is, in their client's words.
    presence text not null check (presence in ('joining', 'lobby', 'in')),
    -- Since when their client says that they are in Teams' lobby or meeting. What Azure charges runs from there to
    -- `until_at`, or to the end of the visit.
    since_at integer,
    until_at integer,
    -- Was in Teams' own lobby at some time: who never let them in is the host.
    waited integer not null default 0 check (waited in (0, 1)),
    -- Saw somebody of the host's side in the meeting.
    hosted integer not null default 0 check (hosted in (0, 1)),
    -- How many events this participant's client has caused: there is an end to it.
    reports integer not null default 0,
    messages integer not null default 0
) strict;

-- Serves the estimate of what Azure charges, over a range of months.
create index teams_visits_since on teams_visits (since_at) where since_at is not null;

-- A visit with what it has on Teams, as the application reads it.
create view whole_visits as
select v.*, t.presence as teams, t.since_at as teams_at, t.until_at as teams_until, coalesce(t.waited, 0) as teams_waited,
    coalesce(t.hosted, 0) as teams_hosted, coalesce(t.reports, 0) as teams_reports,
    coalesce(t.messages, 0) as teams_messages
from visits v left join teams_visits t on t.visit_id = v.id;

-- An identity of a guest at an engine's provider, such as in Azure Communication Services. It is written down before it is asked for, so that a crash in between
-- leaves a trace; a job deletes it, written in the very transaction that ends its visit.
create table identities (
    id integer primary key not null,
    visit_id integer not null references visits (id),
    engine text not null references engines (name),
    -- Null: asked for, and the answer has not come (or never came).
    identity text,
    minted_at integer not null,
    -- Since when nobody uses it any more.
    retired_at integer,
    deleted_at integer,
    -- An identity that was asked for in vain may exist all the same: since when that is the case, and when an admin took
    -- note of it (Microsoft has no list of identities to look it up in).
    unsure_at integer,
    acknowledged_at integer
) strict;

create index identities_visit on identities (visit_id);
-- Serves the admin's list of what is outstanding, which begins with what needs attention.
create index identities_outstanding on identities (minted_at) where deleted_at is null;
create index identities_unsure on identities (unsure_at) where unsure_at is not null and acknowledged_at is null;
