//! Builds the module that joins Teams, on the operator's machine: its sources are ours and part of this binary;
//! Microsoft's Calling SDK, which it is bundled with, comes from npm, because its licence lets nobody else pass it on.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::Duration;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../teams-client/"]
#[include = "package.json"]
#[include = "package-lock.json"]
#[include = "tsconfig*.json"]
#[include = "hosts.json"]
#[include = "build.mjs"]
#[include = "src/**"]
#[exclude = "node_modules/*"]
struct Sources;

#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("{path} can't be written: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("npm could not be started: {0}. Install Node.js 20 or newer, which has npm.")]
    NoNpm(io::Error),
    #[error("`npm {command}` failed in {folder}; what it said is above.")]
    Npm { command: &'static str, folder: PathBuf },
    #[error(
        "`npm {command}` was not done after {minutes} minutes and was ended. Does this machine reach registry.npmjs.org? `anteroom teams build-client` tries again.",
        minutes = PATIENCE.as_secs() / 60
    )]
    Slow { command: &'static str },
}

/// A registry that can't be reached lets npm wait for longer than anybody else does.
const PATIENCE: Duration = Duration::from_mins(10);

/// The name under which a built module says from which sources it is.
const STAMP: &str = "sources";

/// Which sources this binary carries.
fn stamp() -> String {
    let line = |path: &str| {
        let hash = Sources::get(path)
            .map(|file| file.metadata.sha256_hash())
            .unwrap_or_default();
        hash.iter()
            .fold(format!("{path} "), |line, byte| line + &format!("{byte:02x}"))
            + "\n"
    };
    let mut lines: Vec<String> = Sources::iter().map(|path| line(&path)).collect();
    lines.sort_unstable();
    lines.concat()
}

fn source_folder(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push("-source");
    PathBuf::from(name)
}

/// Was the module in `folder` built here, from other sources than this binary carries? One that was put there by
/// somebody else is theirs.
pub fn is_stale(folder: &Path) -> bool {
    source_folder(folder).is_dir() && std::fs::read_to_string(folder.join(STAMP)).ok().as_deref() != Some(&stamp())
}

/// Builds into `folder`, through a folder beside it that is left for the next time.
pub fn build(folder: &Path) -> Result<(), BuildError> {
    let source = source_folder(folder);
    for path in Sources::iter() {
        if let Some(file) = Sources::get(&path) {
            write(&source.join(path.as_ref()), &file.data)?;
        }
    }
    // Only what is wrong: what npm thinks of other people's packages is nobody's business here.
    npm(&source, "ci", &["ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
    npm(&source, "run build", &["run", "build"])?;
    let built = source.join("dist");
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| BuildError::Write { path, source }
    };
    // The manifest last: a module is there once it is.
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    let mut manifest = None;
    for entry in std::fs::read_dir(&built).map_err(failed(&built))? {
        let from = entry.map_err(failed(&built))?.path();
        match from.file_name() {
            Some(name) if name == "manifest.json" => manifest = Some(from),
            Some(name) if from.is_file() => {
                let to = folder.join(name);
                std::fs::copy(&from, &to).map_err(failed(&to))?;
            }
            _ => {}
        }
    }
    write(&folder.join(STAMP), stamp().as_bytes())?;
    if let Some(from) = manifest {
        let to = folder.join("manifest.json");
        std::fs::copy(&from, &to).map_err(failed(&to))?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), BuildError> {
    let failed = |source| BuildError::Write {
        path: path.to_owned(),
        source,
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, bytes).map_err(failed)
}

fn npm(folder: &Path, command: &'static str, arguments: &[&str]) -> Result<(), BuildError> {
    let child = Command::new("npm").args(arguments).current_dir(folder).spawn();
    let status = wait(child.map_err(BuildError::NoNpm)?, PATIENCE).map_err(BuildError::NoNpm)?;
    match status {
        None => Err(BuildError::Slow { command }),
        Some(status) if status.success() => Ok(()),
        Some(_) => Err(BuildError::Npm {
            command,
            folder: folder.to_owned(),
        }),
    }
}

/// None: it took longer, and was ended.
fn wait(mut child: Child, patience: Duration) -> io::Result<Option<ExitStatus>> {
    const LOOK_EVERY: Duration = Duration::from_millis(100);
    for _ in 0..=patience.as_millis() / LOOK_EVERY.as_millis() {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(LOOK_EVERY);
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_that_was_built_here_from_other_sources_is_stale() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("teams-client");
        write(&folder.join("manifest.json"), b"{}").unwrap();
        assert!(!is_stale(&folder), "it was put there by somebody else");
        write(&source_folder(&folder).join("package.json"), b"{}").unwrap();
        assert!(is_stale(&folder), "built before sources were noted");
        write(&folder.join(STAMP), stamp().as_bytes()).unwrap();
        assert!(!is_stale(&folder));
        write(&folder.join(STAMP), b"package.json 00\n").unwrap();
        assert!(is_stale(&folder));
        assert!(stamp().contains("src/index.ts "));
    }

    #[test]
    fn what_takes_too_long_is_ended() {
        let child = Command::new("sleep").arg("600").spawn().unwrap();
        assert!(wait(child, Duration::ZERO).unwrap().is_none());
        let done = Command::new("true").spawn().unwrap();
        assert!(
            wait(done, Duration::from_mins(1))
                .unwrap()
                .is_some_and(|status| status.success())
        );
    }
}
