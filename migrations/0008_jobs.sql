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
