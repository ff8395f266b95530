-- One participant's stay. The seat token lives exactly as long as the visit; only its SHA-256 is stored.
create table visits (
    id integer primary key not null,
    consultation_id integer not null references consultations (id),
    guest_id integer references guests (id),
    account_id integer references accounts (id),
    role text not null check (role in ('host', 'guest', 'attendee')),
    name text not null check (length(name) between 1 and 100),
    token_hash blob not null check (length(token_hash) = 32),
    arrived_at integer not null,
    admitted_at integer,
    media_at integer,
    left_at integer,
    end_cause text check (end_cause in ('left', 'lost', 'declined', 'removed', 'ended', 'replaced')),
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
