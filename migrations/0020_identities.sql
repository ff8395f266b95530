-- An identity that was asked for in vain may exist all the same: since when that is the case, and when an admin took note
-- of it (Microsoft has no list of identities to look it up in).
alter table identities add column unsure_at integer;
alter table identities add column acknowledged_at integer;

-- The admin's list, which begins with what needs attention.
create index identities_unsure on identities (unsure_at) where unsure_at is not null and acknowledged_at is null;
-- How many meetings of a consultation were discarded: it is part of the next one's name.
create index errands_consultation on errands (consultation_id);
