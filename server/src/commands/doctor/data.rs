//! The data folder: is it there, may we write in it, and is there room?

use std::path::{Path, PathBuf};

use super::finding::Finding;

const WHAT: &str = "data folder";
const MB: u64 = 1_000_000;
/// SQLite's log alone may grow to this while many write.
const FULL: u64 = 100 * MB;
const SCARCE: u64 = 1000 * MB;

/// What was seen of it, or of what it would be made in.
#[derive(Clone, Copy, Debug)]
struct Folder {
    kind: Kind,
    is_writable: bool,
    /// In bytes, where the system tells.
    free: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Folder,
    Missing,
    /// A file, for example.
    Else,
}

pub fn check(data: &Path) -> Finding {
    let there = nearest(data);
    let kind = match data.metadata() {
        Ok(found) if found.is_dir() => Kind::Folder,
        Ok(_) => Kind::Else,
        Err(_) => Kind::Missing,
    };
    let folder = Folder {
        kind,
        is_writable: is_writable(&there),
        free: free(&there),
    };
    judge(data, folder)
}

/// The folder itself, or the first above it that exists.
fn nearest(data: &Path) -> PathBuf {
    let whole = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    let there = whole.ancestors().find(|path| path.exists()).map(Path::to_owned);
    there.unwrap_or(whole)
}

fn judge(data: &Path, folder: Folder) -> Finding {
    let path = data.display();
    if folder.kind == Kind::Else {
        return Finding::bad(WHAT, format!("{path} is no folder. Set `data` to one."));
    }
    if !folder.is_writable {
        let done = match folder.kind {
            Kind::Missing => "made",
            _ => "written",
        };
        return Finding::bad(WHAT, not_ours(data, done));
    }
    let room = folder.free.map_or_else(|| "an unknown amount".to_owned(), size);
    match folder.free {
        Some(free) if free < FULL => Finding::bad(
            WHAT,
            format!("only {room} are free in {path}: soon nothing can be stored. Make room, or move the data folder."),
        ),
        Some(free) if free < SCARCE => Finding::warning(
            WHAT,
            format!("only {room} are free in {path}. Make room before nothing can be stored."),
        ),
        _ if folder.kind == Kind::Missing => Finding::warning(
            WHAT,
            format!("{path} does not exist; the next start makes it. If there is one already, put `data` right."),
        ),
        _ => Finding::good(WHAT, format!("{path} can be written, and {room} are free.")),
    }
}

/// Of what this user can't have `done`.
pub fn not_ours(path: &Path, done: &str) -> String {
    format!(
        "{} can't be {done} by this user. It must belong to the user that the server runs as; run `anteroom doctor` as that \
         user.",
        path.display()
    )
}

/// As people write it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..MB => format!("{} kB", bytes / 1000),
        MB..10_000_000_000 => format!("{} MB", bytes / MB),
        _ => format!("{} GB", bytes / (1000 * MB)),
    }
}

/// Asks only, and writes nothing.
#[cfg(unix)]
pub fn is_writable(path: &Path) -> bool {
    use rustix::fs::{Access, access};
    let wanted = if path.is_dir() {
        Access::WRITE_OK | Access::EXEC_OK
    } else {
        Access::READ_OK | Access::WRITE_OK
    };
    access(path, wanted).is_ok()
}

#[cfg(not(unix))]
pub fn is_writable(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.permissions().readonly())
}

/// What is left for us, and not for root alone.
#[cfg(unix)]
fn free(path: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(path).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::super::finding::Grade;
    use super::*;

    fn found(kind: Kind, is_writable: bool, free: u64) -> Finding {
        let folder = Folder {
            kind,
            is_writable,
            free: Some(free),
        };
        judge(Path::new("/var/lib/anteroom"), folder)
    }

    #[test]
    fn a_disk_that_is_full_is_bad_and_one_that_soon_will_be_is_told() {
        let of = |free| found(Kind::Folder, true, free);
        let full = of(FULL - 1);
        assert!(
            full.grade == Grade::Bad && full.sentence.contains("only 99 MB"),
            "{full}"
        );
        assert_eq!(of(FULL).grade, Grade::Warning);
        assert_eq!(of(SCARCE).grade, Grade::Good);
        assert!(of(31_000_000_000).sentence.contains("31 GB"));
        assert_eq!(found(Kind::Missing, true, 0).grade, Grade::Bad);
    }

    #[test]
    fn a_folder_that_can_not_be_used_is_told_with_what_to_do() {
        let other = found(Kind::Folder, false, SCARCE);
        assert!(
            other.grade == Grade::Bad && other.sentence.contains("can't be written"),
            "{other}"
        );
        let above = found(Kind::Missing, false, SCARCE);
        assert!(
            above.grade == Grade::Bad && above.sentence.contains("can't be made"),
            "{above}"
        );
        assert_eq!(found(Kind::Missing, true, SCARCE).grade, Grade::Warning);
        assert_eq!(found(Kind::Else, true, SCARCE).grade, Grade::Bad);
    }

    #[test]
    fn looking_makes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("a/b");
        let missing = check(&data);
        assert!(missing.sentence.contains("does not exist"), "{missing}");
        assert_eq!(nearest(&data), folder.path());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        std::fs::write(folder.path().join("file"), "").unwrap();
        assert!(check(&folder.path().join("file")).sentence.contains("is no folder"));
        #[cfg(unix)]
        assert!(free(folder.path()).is_some());
    }
}
