-- Chat of a running meeting, so that a reload or a late joiner sees it. Deleted when the consultation ends.
create table messages (
    id integer primary key not null,
    consultation_id integer not null references consultations (id),
    visit_id integer not null references visits (id),
    name text not null,
    text text not null check (length(text) between 1 and 2000),
    at integer not null
) strict;

create index messages_consultation on messages (consultation_id, id);
