use super::{deps, e2e, fmt, lint, teams, test};
use crate::Failure;
use crate::install;
use crate::report::Report;
use crate::workspace::Workspace;

/// Everything that must hold. Cheap answers come first; the browser part is built once, for the release binary.
pub fn ci(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    report.step("tools", |_| install::toolchain(workspace))?;
    fmt(workspace, report)?;
    deps(workspace, report)?;
    lint(workspace, report)?;
    test(workspace, report, None)?;
    teams(workspace, report)?;
    e2e(workspace, report, None)
}
