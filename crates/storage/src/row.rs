//! Columns to values.

use std::str::FromStr;

use anteroom_domain::time::Zone;
use anteroom_service::port::StoreError;
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row, Sqlite, Type};

use crate::error::{inconsistent, internal};

pub fn get<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(row: &'r SqliteRow, column: &str) -> Result<T, StoreError> {
    row.try_get(column).map_err(internal)
}

pub fn at(row: &SqliteRow, column: &'static str) -> Result<Timestamp, StoreError> {
    timestamp(get(row, column)?, column)
}

pub fn at_some(row: &SqliteRow, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
    get::<Option<i64>>(row, column)?
        .map(|ms| timestamp(ms, column))
        .transpose()
}

pub fn timestamp(ms: i64, column: &'static str) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(ms).map_err(|_| inconsistent("a row", column, ms))
}

pub fn zone(row: &SqliteRow, column: &str) -> Result<Zone, StoreError> {
    Ok(Zone::from_stored(get(row, column)?))
}

/// A column that holds the word of an enum.
pub fn word<T: FromStr>(row: &SqliteRow, table: &'static str, column: &'static str) -> Result<T, StoreError> {
    word_some(row, table, column)?.ok_or_else(|| inconsistent(table, column, 0))
}

/// The same, where there may be none.
pub fn word_some<T: FromStr>(
    row: &SqliteRow,
    table: &'static str,
    column: &'static str,
) -> Result<Option<T>, StoreError> {
    let read = |text: String| {
        text.parse()
            .map_err(|_| inconsistent(table, column, get(row, "id").unwrap_or(0)))
    };
    get::<Option<String>>(row, column)?.map(read).transpose()
}

pub fn ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}
