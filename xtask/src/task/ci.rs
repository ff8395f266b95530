use super::programs::Programs;
use super::test::{build_tests, run_doc_tests, run_tests};
use super::{deps, fmt, lint, teams, text};
use crate::Failure;
use crate::install;
use crate::report::Report;
use crate::workspace::Workspace;

/// Everything that must hold. Cheap answers come first. Lint, tests, emulator and browser tests are of one profile, so that
/// what they all depend on is built once.
pub fn ci(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    report.step("tools", |_| install::toolchain(workspace))?;
    fmt(workspace, report)?;
    text(workspace, report)?;
    deps(workspace, report)?;
    lint(workspace, report)?;
    build_tests(workspace, report)?;
    run_tests(workspace, report)?;
    run_doc_tests(workspace, report)?;
    let programs = Programs::built(workspace);
    teams::check(workspace, report, &programs)?;
    super::e2e::run(workspace, report, None, &programs)
}
