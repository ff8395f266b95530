-- `teams_at` is since when the participant's client says that it is in Teams' lobby or meeting (before this migration:
-- since when it had credentials). What Azure charges runs from there to `teams_until`, or to the end of the visit.
alter table visits add column teams_until integer;
-- Was in Teams' own lobby at some time: who never let them in is the host.
alter table visits add column teams_waited integer not null default 0 check (teams_waited in (0, 1));
-- Saw somebody of the host's side in the meeting.
alter table visits add column teams_hosted integer not null default 0 check (teams_hosted in (0, 1));
-- How many events this participant's client has caused: there is an end to it.
alter table visits add column teams_reports integer not null default 0;
