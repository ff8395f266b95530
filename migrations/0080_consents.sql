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
