-- Names without capitals and accents, as they are sorted by and looked for: SQLite can drop them in no script but ours. Who
-- writes a name writes its key with it; what is there already gets one when the file is opened
-- (`crates/storage/src/name_key.rs`). Null: not yet.
alter table guests add column name_key text;
alter table services add column name_key text;
alter table accounts add column name_key text;

-- Serves the opening: finds what has none, and is empty afterwards.
create index guests_without_key on guests (id) where name_key is null;
