-- Where a guest can call when a page does not do what it should. As the branch writes it; empty where it gives none.
alter table branches add column phone text not null default '' check (length(phone) <= 40);
