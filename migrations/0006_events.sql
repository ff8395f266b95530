-- The append-only log. Every figure can be recomputed from it; it holds ids and times, no personal data.
create table events (
    id integer primary key autoincrement not null,
    at integer not null,
    kind text not null,
    consultation_id integer references consultations (id),
    guest_id integer references guests (id),
    visit_id integer references visits (id),
    -- Whom of staff it concerns: a host who comes or goes.
    account_id integer references accounts (id),
    -- Who acted. Neither: nobody did, its time had come.
    actor_account_id integer references accounts (id),
    actor_guest_id integer references guests (id),
    -- The whole event as JSON, its `kind` included.
    data text not null check (json_valid(data)),
    check (actor_account_id is null or actor_guest_id is null)
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

-- `insert or replace` deletes the line that has the id already, and that deletion fires no trigger unless
-- `recursive_triggers` is on: an insert that names an id of the log is refused before it comes to that.
create trigger events_are_never_replaced before insert on events
when exists (select 1 from events where id = new.id)
begin
    select raise(abort, 'events_append_only');
end;
