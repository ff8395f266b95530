-- Finding consultations by their guests, among very many.

-- Serves the list sorted by guest.
create index guests_name on guests (name collate nocase, consultation_id);

-- Every stretch of three characters of what identifies a guest; case and accents make no difference. It holds no text of
-- its own, and what a guest's row loses is taken out of its pages at once.
create virtual table guest_search using fts5 (
    name, email, phone,
    content = 'guests',
    content_rowid = 'id',
    tokenize = 'trigram remove_diacritics 1'
);
insert into guest_search (guest_search, rank) values ('secure-delete', 1);
insert into guest_search (guest_search) values ('rebuild');

create trigger guests_search_insert after insert on guests
begin
    insert into guest_search (rowid, name, email, phone) values (new.id, new.name, new.email, new.phone);
end;

create trigger guests_search_delete after delete on guests
begin
    insert into guest_search (guest_search, rowid, name, email, phone)
    values ('delete', old.id, old.name, old.email, old.phone);
end;

create trigger guests_search_update after update of id, name, email, phone on guests
begin
    insert into guest_search (guest_search, rowid, name, email, phone)
    values ('delete', old.id, old.name, old.email, old.phone);
    insert into guest_search (rowid, name, email, phone) values (new.id, new.name, new.email, new.phone);
end;
