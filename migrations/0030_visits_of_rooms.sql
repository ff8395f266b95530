-- A room is read anew on every change, by everybody in it: only who is there now, whatever came and went before.
create index visits_open_of_consultation on visits (consultation_id) where left_at is null;
-- Serves the last visit of a guest who was put out, and the bound on how often a guest may come and go.
create index visits_of_guest on visits (guest_id, arrived_at) where guest_id is not null;
