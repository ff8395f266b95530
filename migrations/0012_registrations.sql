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
