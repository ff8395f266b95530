//! The database file: how it comes about, and what its schema holds by itself.

#[cfg(test)]
mod migrations;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod search;
