//! The database: is it there, ours, whole, and of this version?

use std::path::Path;

use anteroom_storage::{Condition, OpenError, Schema, inspect};

use super::data::{is_writable, not_ours, size};
use super::finding::Finding;
use super::web::Server;
use crate::commands::database::FILE;

const WHAT: &str = "database";

pub async fn check(data: &Path, server: Server) -> Finding {
    let path = data.join(FILE);
    let found = inspect(&path).await;
    let is_there = !matches!(found, Ok(Condition::Missing));
    if is_there && !is_writable(&path) {
        return Finding::bad(WHAT, not_ours(&path, "written"));
    }
    // What was written last is in the log.
    let bytes = [path.clone(), anteroom_storage::log(&path)]
        .iter()
        .filter_map(|part| part.metadata().ok())
        .map(|part| part.len())
        .sum();
    judge(&path, found, bytes, server.is_running())
}

fn judge(path: &Path, found: Result<Condition, OpenError>, bytes: u64, is_running: bool) -> Finding {
    let path = path.display();
    let schema = match found {
        Ok(Condition::Sound(schema)) => schema,
        Ok(Condition::Missing) if is_running => {
            return Finding::bad(
                WHAT,
                format!(
                    "a server runs, but {path} is not there: the file was moved or deleted, or the server was started with \
                     another data folder. Put the file back, and restart the server."
                ),
            );
        }
        Ok(Condition::Missing | Condition::Empty) => {
            return Finding::warning(
                WHAT,
                format!(
                    "there is none at {path} yet; the next start makes one. If you have one already, put `data` right."
                ),
            );
        }
        Ok(Condition::Foreign) => {
            return Finding::bad(
                WHAT,
                format!("{path} is that of another application. Set `data` to a folder of its own."),
            );
        }
        Ok(Condition::Unsettled) => {
            return Finding::warning(
                WHAT,
                format!(
                    "{path} was not looked into: a log lies beside it that the next start takes in. Start the server, and ask \
                     again."
                ),
            );
        }
        Ok(Condition::Damaged(what)) => {
            return Finding::bad(
                WHAT,
                format!(
                    "{path} is damaged ({what}). Stop the server, keep the file aside, and put the last backup in its place."
                ),
            );
        }
        Err(error) => return Finding::bad(WHAT, format!("{error}. Run `anteroom doctor` as the server's user.")),
    };
    match schema {
        Schema::Current => Finding::good(WHAT, format!("{path} is sound and of this version ({}).", size(bytes))),
        Schema::Older(steps) => Finding::good(
            WHAT,
            format!(
                "{path} is sound ({}). It is {steps} steps behind and will be migrated at the next start: keep a backup.",
                size(bytes)
            ),
        ),
        Schema::Newer => Finding::bad(
            WHAT,
            format!("{path} was made by a newer version of Anteroom. Install that one; this one does not open it."),
        ),
        Schema::Other => Finding::bad(
            WHAT,
            format!(
                "{path} was made by another build, whose schema differs. Install that one; this one does not open it."
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Grade;
    use super::*;

    fn found(condition: Condition, is_running: bool) -> Finding {
        judge(Path::new("/data/anteroom.db"), Ok(condition), 12_345_678, is_running)
    }

    #[test]
    fn a_database_that_is_not_there_is_to_come_or_was_moved() {
        let to_come = found(Condition::Missing, false);
        assert!(to_come.grade == Grade::Warning && to_come.sentence.contains("the next start makes one"));
        let moved = found(Condition::Missing, true);
        assert!(
            moved.grade == Grade::Bad && moved.sentence.contains("was moved or deleted"),
            "{moved}"
        );
    }

    #[test]
    fn what_this_version_can_not_open_is_bad() {
        for condition in [
            Condition::Foreign,
            Condition::Damaged("file is not a database".to_owned()),
            Condition::Sound(Schema::Newer),
            Condition::Sound(Schema::Other),
        ] {
            let finding = found(condition.clone(), false);
            assert_eq!(finding.grade, Grade::Bad, "{condition:?}");
        }
        assert_eq!(found(Condition::Unsettled, false).grade, Grade::Warning);
        assert_eq!(
            found(Condition::Sound(Schema::Current), true).to_string(),
            "ok      database: /data/anteroom.db is sound and of this version (12 MB)."
        );
        let older = found(Condition::Sound(Schema::Older(2)), false);
        assert!(older.grade == Grade::Good && older.sentence.contains("will be migrated at the next start"));
    }
}
