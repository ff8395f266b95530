-- Where else a guest reaches the branch. Empty where it says nothing.
alter table branches add column email text not null default '' check (length(email) <= 320);
alter table branches add column address text not null default '' check (length(address) <= 300);
