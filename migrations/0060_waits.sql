-- How long guests waited, for the dashboard's percentiles. Who is let in by a rule (the viewers of a launch; guests on
-- Teams, where the service leaves it to Teams' lobby) waited for nobody, and must not count as let in after 0 ms: a
-- difference of two times can't tell. Waiting in Teams' lobby counts, and is known only while it goes on.

-- Since when a guest waits to be let in, in our lobby or in Teams'.
alter table visits add column lobby_since integer;
-- Milliseconds in lobbies before somebody let them in; null where nobody did, or nobody had to.
alter table visits add column waited integer check (waited >= 0);

update visits set lobby_since = arrived_at where guest_id is not null and admitted_at is null and left_at is null;
-- Let in by a rule was let in on arrival.
update visits set waited = admitted_at - arrived_at
    where guest_id is not null and role = 'guest' and admitted_at > arrived_at;

-- Serves the waits of the dashboard from the index alone.
drop index visits_waits;
create index visits_waits on visits (consultation_id, waited) where waited is not null;
