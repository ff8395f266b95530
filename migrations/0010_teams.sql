-- Meetings on Microsoft Teams: where they are, who was given an identity there, and what is still to be done about both.

-- On Teams: a clerk admits guests here before they get credentials.
alter table services add column admit_first integer not null default 0 check (admit_first in (0, 1));

-- The object id in Microsoft Entra, in whose name Graph makes meetings.
alter table accounts add column entra_id text not null default '' check (length(entra_id) in (0, 36));

-- The canonical link or ID; and, where Graph made it, what it is called there.
alter table consultations add column meeting text;
alter table consultations add column meeting_organizer text;
alter table consultations add column meeting_graph_id text
    check ((meeting_graph_id is null) = (meeting_organizer is null));

-- An attendee of a launch sees and hears.
alter table guests add column role text not null default 'guest' check (role in ('guest', 'attendee'));

alter table visits add column teams text check (teams in ('joining', 'lobby', 'in'));
alter table visits add column teams_at integer;
alter table visits add column teams_messages integer not null default 0;

-- Serves the estimate of what Azure charges, over a range of months.
create index visits_teams on visits (teams_at) where teams_at is not null;

-- An identity in Azure Communication Services. It is written down before it is asked for, so that a crash in between
-- leaves a trace; it is due for deletion from the very transaction that ends its visit.
create table identities (
    id integer primary key not null,
    visit_id integer not null references visits (id),
    -- Null: asked for, and the answer has not come (or never came).
    identity text,
    minted_at integer not null,
    due_at integer,
    attempts integer not null default 0,
    last_error text not null default '',
    deleted_at integer
) strict;

create index identities_visit on identities (visit_id);
-- Serves the errands, and the admin's list of what is outstanding.
create index identities_outstanding on identities (due_at) where deleted_at is null;

-- What must happen outside even after a crash: written in the transaction of its cause, done at least once.
create table errands (
    id integer primary key not null,
    kind text not null check (kind in ('prepare_meeting', 'discard_meeting')),
    consultation_id integer not null references consultations (id),
    -- For a meeting that is to be discarded: what it is called in Graph.
    organizer text,
    graph_id text,
    due_at integer not null,
    attempts integer not null default 0,
    last_error text not null default '',
    done_at integer
) strict;

create index errands_due on errands (due_at) where done_at is null;

-- What an admin sets for the whole organisation.
create table settings (
    name text primary key not null,
    value text not null
) strict, without rowid;
