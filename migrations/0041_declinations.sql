-- A guest can say that they can't come, where others still meet: the consultation stands, their seat is free.
alter table guests add column declination_at integer;
-- What they told the host about it.
alter table guests add column declination_note text not null default '';
