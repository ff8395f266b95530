-- Serves the dashboard as before, and now also which cancellations came when the consultation should have begun already: they
-- count among those that could have been kept.
drop index consultations_figures;
create index consultations_figures on consultations
    (starts_at, branch_id, service_id, host_id, state, missed_side, cancelled_by, cancelled_at);
