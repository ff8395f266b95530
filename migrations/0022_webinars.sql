-- Guests of a webinar only watch and listen: their seats are attendees', whatever Teams would let them do.
alter table consultations add column webinar integer not null default 0 check (webinar in (0, 1));
