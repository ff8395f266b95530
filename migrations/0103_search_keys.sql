-- Lists and searches go by the keys of names. Run once every guest has one.

-- Serves the list sorted by guest.
drop index guests_name;
create index guests_name on guests (name_key, consultation_id);

-- As before (`0011_search.sql`), over the key in place of the name.
drop trigger guests_search_insert;
drop trigger guests_search_delete;
drop trigger guests_search_update;
drop table guest_search;

create virtual table guest_search using fts5(
    name_key, email, phone,
    content = 'guests',
    content_rowid = 'id',
    tokenize = 'trigram remove_diacritics 1'
);
insert into guest_search (guest_search, rank) values ('secure-delete', 1);
insert into guest_search (guest_search) values ('rebuild');

create trigger guests_search_insert after insert on guests
begin
    insert into guest_search (rowid, name_key, email, phone) values (new.id, new.name_key, new.email, new.phone);
end;

create trigger guests_search_delete after delete on guests
begin
    insert into guest_search (guest_search, rowid, name_key, email, phone)
    values ('delete', old.id, old.name_key, old.email, old.phone);
end;

create trigger guests_search_update after update of id, name_key, email, phone on guests
begin
    insert into guest_search (guest_search, rowid, name_key, email, phone)
    values ('delete', old.id, old.name_key, old.email, old.phone);
    insert into guest_search (rowid, name_key, email, phone) values (new.id, new.name_key, new.email, new.phone);
end;
