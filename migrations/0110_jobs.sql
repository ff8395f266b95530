-- Work that is done after the change that asks for it: at a provider, or at another time. A job is written in the
-- transaction of its cause and done at least once; done, it is deleted.
create table jobs (
    id integer primary key not null,
    queue text not null,
    kind text not null,
    payload text not null check (json_valid(payload)),
    -- Jobs of one key are done one after another.
    order_key text,
    -- Whose administrators see it.
    consultation_id integer references consultations (id),
    created_at integer not null,
    not_before integer not null,
    -- What is not done by then is given up.
    not_after integer,
    -- How often it was begun.
    attempts integer not null default 0,
    last_error text not null default '',
    -- A runner has it until then.
    leased_until integer,
    -- Since when it is tried again only when an admin asks for it.
    given_up_at integer
) strict;

-- Serves a runner that looks for what is due.
create index jobs_due on jobs (queue, not_before) where given_up_at is null;
-- Serves the question whether an earlier job of the same key is still to be done.
create index jobs_order on jobs (order_key, id) where order_key is not null;
create index jobs_consultation on jobs (consultation_id) where consultation_id is not null;

-- How many meetings of a consultation were discarded: it is part of the next one's name.
alter table consultations add column meetings_discarded integer not null default 0;
update consultations
set meetings_discarded = (
    select count(*) from errands e where e.consultation_id = consultations.id and e.kind = 'discard_meeting'
);

insert into jobs (queue, kind, payload, order_key, consultation_id, created_at, not_before, attempts, last_error)
select 'meetings', kind,
    case kind
        when 'prepare_meeting' then json_object('consultation', consultation_id, 'host', (
            select c.host_id from consultations c where c.id = consultation_id
        ))
        else json_object('engine', 'teams', 'meeting', json_object('organizer', organizer, 'id', graph_id))
    end,
    case kind when 'prepare_meeting' then 'prepare:' || consultation_id else 'meeting:' || graph_id end,
    consultation_id, due_at, due_at, attempts, last_error
from errands where done_at is null order by id;
drop table errands;

-- What is due for deletion is a job; the identity remembers only that it is no longer in use.
insert into jobs (queue, kind, payload, order_key, consultation_id, created_at, not_before, attempts, last_error)
select 'identities', 'delete_identity', json_object('row', i.id), 'identity:' || i.id, v.consultation_id,
    i.due_at, i.due_at, i.attempts, i.last_error
from identities i join visits v on v.id = i.visit_id
where i.due_at is not null and i.deleted_at is null and i.identity is not null order by i.id;
drop index identities_outstanding;
alter table identities rename column due_at to retired_at;
alter table identities drop column attempts;
alter table identities drop column last_error;
create index identities_outstanding on identities (minted_at) where deleted_at is null;
