//! Finding, making and guarding the database's folder and file.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// In the data folder.
pub const FILE: &str = "anteroom.db";

#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("the data folder {path} can't be made: {source}. Name another one with --data.")]
    Folder { path: PathBuf, source: io::Error },
    #[error("{path} can't be written: {source}. The data folder must belong to whoever runs the server.")]
    File { path: PathBuf, source: io::Error },
    #[error("another server is running on {path}. Stop it, or name another data folder with --data.")]
    InUse { path: PathBuf },
}

/// Makes the folder where it is missing. What is in it is about customers: it is the server's alone.
pub fn make_folder(path: &Path) -> Result<(), DataError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| DataError::Folder {
        path: path.to_owned(),
        source,
    })
}

/// Makes an empty file where there is none, readable by nobody else, whatever the folder lets others do. To SQLite that
/// is an empty database, and what it puts beside it gets the same permissions.
pub fn make_file(path: &Path) -> Result<(), DataError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => Err(DataError::File {
            path: path.to_owned(),
            source,
        }),
        _ => Ok(()),
    }
}

/// Held while a server runs on a database. Two of them would each believe that the meetings are theirs.
#[derive(Debug)]
pub struct Lock(
    #[expect(
        dead_code,
        reason = "the system releases the lock when the file is closed, however that comes about"
    )]
    File,
);

impl Lock {
    /// On a file beside the database, because SQLite has locks of its own on the database's file.
    pub fn take(database: &Path) -> Result<Self, DataError> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let path = PathBuf::from(path);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|source| DataError::File {
            path: path.clone(),
            source,
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(DataError::InUse {
                path: database.to_owned(),
            }),
            Err(TryLockError::Error(source)) => Err(DataError::File { path, source }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_at_a_time_has_a_database() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("a/b");
        make_folder(&data).unwrap();
        make_folder(&data).unwrap();
        let database = data.join(FILE);
        let lock = Lock::take(&database).unwrap();
        assert!(matches!(Lock::take(&database), Err(DataError::InUse { .. })));
        drop(lock);
        Lock::take(&database).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_new_database_is_nobody_elses_and_an_old_one_is_left_as_it_is() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        make_file(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "full").unwrap();
        make_file(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"full");
        assert!(
            make_file(&folder.path().join("missing/x.db"))
                .unwrap_err()
                .to_string()
                .contains("missing/x.db")
        );
    }

    #[test]
    fn a_folder_that_can_not_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let error = make_folder(&folder.path().join("file/data")).unwrap_err().to_string();
        assert!(error.contains("file/data") && error.contains("--data"), "{error}");
    }
}
