-- Who is, or was, in a consultation.

-- How a visit ends.
create table end_causes (name text primary key not null) strict, without rowid;
insert into end_causes values ('left'), ('lost'), ('declined'), ('removed'), ('ended'), ('replaced');

-- One participant's stay. The seat token lives exactly as long as the visit; only its SHA-256 is stored.
create table visits (
    id integer primary key not null,
    consultation_id integer not null references consultations (id),
    guest_id integer references guests (id),
    account_id integer references accounts (id),
    role text not null references participant_roles (name),
    name text not null check (length(name) between 1 and 100),
    token_hash blob not null check (length(token_hash) = 32),
    -- Of staff: in which session it was taken. No reference, because the session is gone before the seat is.
    session_id integer,
    arrived_at integer not null,
    admitted_at integer,
    -- Since when a guest waits to be let in, in our lobby or in the engine's.
    lobby_since integer,
    -- Milliseconds in lobbies before somebody let them in; null where nobody did, or nobody had to. Who is let in by a rule
    -- (the viewers of a launch; guests on Teams, where the service leaves it to Teams' lobby) waited for nobody, and must
    -- not count as let in after 0 ms: a difference of two times can't tell. Waiting in the engine's lobby counts, and is
    -- known only while it goes on.
    waited integer check (waited >= 0),
    media_at integer,
    left_at integer,
    end_cause text references end_causes (name),
    -- Since when the socket is gone; null while it is open.
    disconnected_at integer,
    constraint visit_token_unique unique (token_hash),
    check ((guest_id is null) <> (account_id is null)),
    check ((left_at is null) = (end_cause is null))
) strict;

-- A participant has one seat: a second tab takes it over, it does not make a ghost.
create unique index visits_one_open_per_guest on visits (guest_id) where left_at is null;
create unique index visits_one_open_per_account on visits (consultation_id, account_id) where left_at is null and account_id is not null;

create index visits_consultation on visits (consultation_id);
-- Serves the sweep of visits whose socket is gone, and the list of who waits.
create index visits_open on visits (left_at) where left_at is null;

create index visits_session on visits (session_id) where left_at is null and session_id is not null;

-- A room is read anew on every change, by everybody in it: only who is there now, whatever came and went before.
create index visits_open_of_consultation on visits (consultation_id) where left_at is null;

-- Serves the last visit of a guest who was put out, and the bound on how often a guest may come and go.
create index visits_of_guest on visits (guest_id, arrived_at) where guest_id is not null;

-- Serves the waits of the dashboard from the index alone.
create index visits_waits on visits (consultation_id, waited) where waited is not null;
