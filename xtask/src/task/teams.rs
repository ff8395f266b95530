use std::path::Path;
use std::process::Command;

use super::programs::Programs;
use crate::Failure;
use crate::exec::{run, run_tests};
use crate::install;
use crate::report::Report;
use crate::workspace::Workspace;

/// The module that joins Teams, and the emulator of Microsoft's services against Microsoft's own clients. Both need npm;
/// the Calling SDK's licence lets nobody keep it in a repository.
pub fn teams(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    report.step("emulator", |_| {
        run(&mut workspace.cargo_without_web(["build", "--locked", "-p", "anteroom-emulator"]))
    })?;
    check(workspace, report, &Programs::built(workspace))
}

pub fn check(workspace: &Workspace, report: &mut Report, programs: &Programs) -> Result<(), Failure> {
    let module = workspace.root.join("teams-client");
    report.step("packages of the module that joins Teams", |_| packages(&module))?;
    report.step("the module that joins Teams", |count| {
        run_tests(&mut npm(&module, &["run", "check"]), count)?;
        run(&mut npm(&module, &["run", "build"]))
    })?;
    report.step("Microsoft's own clients against the emulator", |count| {
        install::python()?;
        let mut node = Command::new("node");
        node.current_dir(&workspace.root)
            .arg("e2e/sdk-oracles/run.mjs")
            .arg(&programs.emulator);
        run_tests(&mut node, count)
    })
}

fn packages(folder: &Path) -> Result<(), Failure> {
    run(&mut npm(folder, &["ci", "--no-audit", "--no-fund"]))
}

fn npm(folder: &Path, arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(folder).args(arguments);
    npm
}
