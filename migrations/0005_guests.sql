-- Customers, each in one consultation, and the links they hold.
create table guests (
    id integer primary key not null,
    consultation_id integer not null references consultations (id),
    name text not null check (length(name) between 1 and 100),
    email text not null default '',
    phone text not null default '',
    language text not null,
    zone text not null,
    admission text not null default 'undecided' check (admission in ('undecided', 'admitted', 'declined', 'removed')),
    rating integer check (rating between 1 and 5),
    created_at integer not null
) strict;

create index guests_consultation on guests (consultation_id);

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
