-- The append-only log. Every figure can be recomputed from it; it holds ids and times, no personal data.
create table events (
    id integer primary key autoincrement not null,
    at integer not null,
    kind text not null,
    consultation_id integer references consultations (id),
    guest_id integer references guests (id),
    visit_id integer references visits (id),
    account_id integer references accounts (id),
    -- The whole happening as JSON, its `kind` included.
    data text not null check (json_valid(data))
) strict;

-- Serves a consultation's history.
create index events_consultation on events (consultation_id, id);

create trigger events_are_never_changed before update on events
begin
    select raise(abort, 'events_append_only');
end;

create trigger events_are_never_deleted before delete on events
begin
    select raise(abort, 'events_append_only');
end;
