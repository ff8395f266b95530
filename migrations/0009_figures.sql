-- Serve the dashboard's waits and lengths from indexes alone: a year of 200,000 consultations would otherwise look up as
-- many rows of each table.

-- From arrival to being let in, of guests. Hosts are let in by nobody.
create index visits_waits on visits (consultation_id, arrived_at, admitted_at)
    where guest_id is not null and admitted_at is not null;

-- From both sides being in to the end.
create index consultations_lengths on consultations (starts_at, branch_id, service_id, host_id, live_at, ended_at)
    where state = 'ended';
