use crate::Failure;
use crate::exec::{run_tests, works};
use crate::report::Report;
use crate::workspace::Workspace;

/// Unit and whole-app tests, without the browser part: pages are tested as HTML here.
pub fn test(workspace: &Workspace, report: &mut Report, filter: Option<&str>) -> Result<(), Failure> {
    report.step("tests", |count| {
        let mut cargo = match works("cargo", &["nextest", "--version"]) {
            true => workspace.cargo_without_web(["nextest", "run", "--workspace", "--locked", "--profile", "ci"]),
            false => {
                workspace.cargo_without_web(["test", "--workspace", "--locked", "--all-targets", "--no-fail-fast"])
            }
        };
        cargo.args(filter);
        run_tests(&mut cargo, count)
    })?;
    report.step("examples in the documentation", |count| {
        let mut cargo = workspace.cargo_without_web(["test", "--workspace", "--locked", "--doc"]);
        cargo.args(filter);
        run_tests(&mut cargo, count)
    })
}
