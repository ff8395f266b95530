-- Serves "forget every browser of this account" (a new password, signing out everywhere) and the pruning of those in
-- which nobody has signed in for a year: `created_at` is from here on when somebody last did.
create index known_browsers_account on known_browsers (account_id);
create index known_browsers_created on known_browsers (created_at);
