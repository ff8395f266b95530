-- Staff accounts. A clerk belongs to a branch; an admin without one answers for the whole organisation.
create table accounts (
    id integer primary key not null,
    email text not null collate nocase check (length(email) between 3 and 320),
    name text not null check (length(name) between 1 and 100),
    role text not null check (role in ('clerk', 'admin')),
    branch_id integer references branches (id),
    zone text not null,
    -- A PHC string (argon2id).
    password_hash text not null,
    active integer not null default 1 check (active in (0, 1)),
    created_at integer not null,
    constraint account_email_taken unique (email),
    constraint clerk_has_branch check (role <> 'clerk' or branch_id is not null)
) strict;
