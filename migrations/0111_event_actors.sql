-- Who acted in each event. Neither: nobody did, its time had come. What `account_id` says from now on is whom of staff the
-- event concerns: a host who comes or goes.
drop trigger events_are_never_changed;
alter table events add column actor_account_id integer references accounts (id);
alter table events add column actor_guest_id integer references guests (id)
    check (actor_account_id is null or actor_guest_id is null);
update events set actor_account_id = account_id;
update events set actor_guest_id = guest_id
where account_id is null
    and kind not in ('identity_minted', 'identity_deleted')
    and not (kind = 'left' and json_extract(data, '$.cause') <> 'left');
update events set account_id = null where visit_id is null or guest_id is not null;
create trigger events_are_never_changed before update on events
begin
    select raise(abort, 'events_append_only');
end;
