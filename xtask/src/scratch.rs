use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Failure;
use crate::exec::answer;

/// What a run of tests may put down at once: databases, browsers' profiles, caches.
const ROOM_KIB: u64 = 2 * 1024 * 1024;

/// A folder for what tests and their processes put down, gone with this value. In memory where there is room: browsers and
/// databases flush all the time, and each flush waits for the disk.
pub struct Scratch(PathBuf);

impl Scratch {
    /// The name is short, because sockets lie in it.
    pub fn new(name: &str) -> Result<Self, Failure> {
        let folder = parent().join(format!("anteroom-{}-{name}", std::process::id()));
        let made = if folder.exists() {
            std::fs::remove_dir_all(&folder)
        } else {
            Ok(())
        };
        made.and_then(|()| std::fs::create_dir_all(&folder))
            .map_err(|error| format!("{} can't be made: {error}", folder.display()))?;
        Ok(Self(folder))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left is the system's to clear.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn parent() -> PathBuf {
    const MEMORY: &str = "/dev/shm";
    let free = answer(Command::new("df").args(["-k", "--output=avail", MEMORY])).unwrap_or_default();
    let free = free.lines().last().and_then(|line| line.trim().parse::<u64>().ok());
    match free {
        Some(free) if free >= ROOM_KIB => MEMORY.into(),
        _ => std::env::temp_dir(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_empty_and_goes_with_its_value() {
        let scratch = Scratch::new("test").unwrap();
        let path = scratch.path().to_owned();
        std::fs::write(path.join("left"), "over").unwrap();
        assert_eq!(
            std::fs::read_dir(Scratch::new("test").unwrap().path()).unwrap().count(),
            0
        );
        drop(scratch);
        assert!(!path.exists());
    }
}
