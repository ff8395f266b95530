-- `insert or replace` deletes the line that has the id already, and that deletion fires no trigger unless
-- `recursive_triggers` is on: an insert that names an id of the log is refused before it comes to that.
create trigger events_are_never_replaced before insert on events
when exists (select 1 from events where id = new.id)
begin
    select raise(abort, 'events_append_only');
end;
