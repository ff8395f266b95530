use std::path::PathBuf;

use crate::Failure;
use crate::exec::run;
use crate::report::Report;
use crate::workspace::Workspace;

/// The binary that the browser tests run: the one that was named, or the one that is built now.
pub fn release(workspace: &Workspace, report: &mut Report) -> Result<PathBuf, Failure> {
    if let Some(path) = std::env::var_os("ANTEROOM_BIN") {
        let path = PathBuf::from(path);
        return match path.is_file() {
            true => Ok(path),
            false => Err(format!("ANTEROOM_BIN names {}, which is no file.", path.display())),
        };
    }
    report.step("release build", |_| {
        let mut cargo = workspace.cargo(["build", "--release", "--locked", "-p", "anteroom"]);
        cargo.env_remove("ANTEROOM_SKIP_WEB");
        run(&mut cargo)
    })?;
    Ok(workspace.release_binary())
}
