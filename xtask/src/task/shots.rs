use std::path::PathBuf;
use std::process::Command;

use super::release::release;
use crate::exec::run;
use crate::report::Report;
use crate::workspace::Workspace;
use crate::{Failure, install};

/// Pictures of every page, and the one of the README. Nothing is asserted here.
pub fn shots(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    let mut chromium = PathBuf::new();
    report.step("browser", |_| {
        chromium = install::browser(workspace)?;
        Ok(())
    })?;
    let binary = release(workspace, report)?;
    for script in ["pages", "picture"] {
        report.step(&format!("pictures: {script}"), |_| {
            let mut node = Command::new("node");
            node.current_dir(workspace.e2e())
                .env("ANTEROOM_BIN", &binary)
                .env("ANTEROOM_CHROMIUM", &chromium)
                .arg(format!("shots/{script}.mjs"));
            run(&mut node)
        })?;
    }
    Ok(())
}
