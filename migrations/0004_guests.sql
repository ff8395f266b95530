-- Customers, each in one consultation, and the links they hold.

-- As what somebody takes part.
create table participant_roles (name text primary key not null) strict, without rowid;
insert into participant_roles values ('host'), ('guest'), ('attendee');

create table guests (
    id integer primary key not null,
    consultation_id integer not null references consultations (id),
    name text not null check (length(name) between 1 and 100),
    -- As in services.
    name_key text not null,
    email text not null default '',
    phone text not null default '',
    language text not null,
    zone text not null,
    -- An attendee of a launch sees and hears.
    role text not null default 'guest' references participant_roles (name) check (role <> 'host'),
    admission text not null default 'undecided' check (admission in ('undecided', 'admitted', 'declined', 'removed')),
    rating integer check (rating between 1 and 5),
    -- A guest can say that they can't come, where others still meet: the consultation stands, their seat is free.
    declination_at integer,
    -- What they told the host about it.
    declination_note text not null default '',
    created_at integer not null
) strict;

create index guests_consultation on guests (consultation_id);

-- Serves the list sorted by guest.
create index guests_name on guests (name_key, consultation_id);

-- Finding consultations by their guests, among very many: every stretch of three characters of what identifies a guest;
-- case and accents make no difference. It holds no text of its own, and what a guest's row loses is taken out of its pages
-- at once.
create virtual table guest_search using fts5(
    name_key, email, phone,
    content = 'guests',
    content_rowid = 'id',
    tokenize = 'trigram remove_diacritics 1'
);
insert into guest_search (guest_search, rank) values ('secure-delete', 1);

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

-- Only the SHA-256 of a link's secret is stored. A guest can hold several good links (each copy that staff makes is a
-- new one); all of them lead to the same consultation and die together when revoked.
create table invitations (
    id integer primary key not null,
    guest_id integer not null references guests (id),
    secret_hash blob not null check (length(secret_hash) = 32),
    created_at integer not null,
    -- Unknown, expired and revoked are told apart nowhere: one look-up with all three conditions.
    valid_until integer not null,
    revoked_at integer,
    constraint invitation_secret_unique unique (secret_hash)
) strict;

create index invitations_guest on invitations (guest_id);

-- Registration for a launch: one link for many, each of whom gets a seat of their own that sees and hears. As with
-- invitations, only the hash of its secret is stored.
create table registrations (
    id integer primary key not null,
    consultation_id integer not null references consultations (id),
    secret_hash blob not null check (length(secret_hash) = 32),
    created_at integer not null,
    -- Nobody registers for what is over.
    valid_until integer not null,
    revoked_at integer,
    constraint registration_secret_unique unique (secret_hash)
) strict;

create index registrations_consultation on registrations (consultation_id);
