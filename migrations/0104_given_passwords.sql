-- A password that somebody else chose for this account. It is good for one thing: choosing another.
alter table accounts add column password_is_given integer not null default 0 check (password_is_given in (0, 1));
