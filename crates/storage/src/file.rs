//! Which file we have open. A restore that puts another file in its place while we run would have us confirm what nobody
//! finds again: SQLite goes on writing into the file that has no name any more.

use std::io;
use std::path::{Path, PathBuf};

/// The database and its log, as they were when they were opened.
#[derive(Clone, Debug)]
pub struct OpenFile {
    parts: Vec<(PathBuf, Identity)>,
}

#[derive(Debug, thiserror::Error)]
#[error("{} was moved, deleted or replaced while the server runs: nothing is stored until it is restarted", .0.display())]
pub struct Replaced(PathBuf);

impl OpenFile {
    pub fn of(database: &Path) -> io::Result<Self> {
        let parts = [database.to_owned(), log(database)];
        let parts = parts.map(|path| identity(&path).map(|identity| (path, identity)));
        Ok(Self {
            parts: parts.into_iter().collect::<io::Result<_>>()?,
        })
    }

    pub fn database(&self) -> &Path {
        self.parts.first().map_or(Path::new(""), |(path, _)| path)
    }

    /// Two looks at the folder, some microseconds.
    pub fn is_still_there(&self) -> Result<(), Replaced> {
        let gone = self
            .parts
            .iter()
            .find(|(path, opened)| !identity(path).is_ok_and(|found| found == *opened));
        match gone {
            None => Ok(()),
            Some((path, _)) => Err(Replaced(path.clone())),
        }
    }
}

/// The file of a database, and what SQLite keeps beside it.
pub fn files(database: &Path) -> [PathBuf; 3] {
    [database.to_owned(), log(database), index(database)]
}

/// SQLite's name for the log of what was written last.
pub fn log(database: &Path) -> PathBuf {
    beside(database, "-wal")
}

/// Of the log, shared by everybody who has the database open.
pub fn index(database: &Path) -> PathBuf {
    beside(database, "-shm")
}

fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let file = std::fs::metadata(path)?;
    Ok((file.dev(), file.ino()))
}

/// Elsewhere an open file can't be moved.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(path: &Path) -> io::Result<Identity> {
    std::fs::metadata(path).map(drop)
}
