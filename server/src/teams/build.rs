//! Builds the module that joins Teams, on the operator's machine: its sources are ours and part of this binary;
//! Microsoft's Calling SDK, which it is bundled with, comes from npm, because its licence lets nobody else pass it on.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

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
}

/// Builds into `folder`, through a folder beside it that is left for the next time.
pub fn build(folder: &Path) -> Result<(), BuildError> {
    let mut name = folder.as_os_str().to_owned();
    name.push("-source");
    let source = PathBuf::from(name);
    for path in Sources::iter() {
        if let Some(file) = Sources::get(&path) {
            write(&source.join(path.as_ref()), &file.data)?;
        }
    }
    npm(&source, "ci", &["ci", "--no-audit", "--no-fund"])?;
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
    let status = Command::new("npm")
        .args(arguments)
        .current_dir(folder)
        .status()
        .map_err(BuildError::NoNpm)?;
    match status.success() {
        true => Ok(()),
        false => Err(BuildError::Npm {
            command,
            folder: folder.to_owned(),
        }),
    }
}
