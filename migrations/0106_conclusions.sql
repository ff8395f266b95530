-- How the host left it, beside what they wrote about it. Empty where they did not say.
alter table consultations add column conclusion text not null default ''
    check (conclusion in ('', 'settled', 'follow_up', 'unsettled'));
