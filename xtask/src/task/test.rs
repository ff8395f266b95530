use std::process::Command;

use crate::Failure;
use crate::exec::{self, works};
use crate::report::Report;
use crate::scratch::Scratch;
use crate::workspace::Workspace;

/// Unit and whole-app tests, without the browser part: pages are tested as HTML here.
pub fn test(workspace: &Workspace, report: &mut Report, filter: Option<&str>) -> Result<(), Failure> {
    report.step("tests", |count| {
        exec::run_tests(
            runner(|arguments| workspace.cargo_without_web(arguments)).args(filter),
            count,
        )
    })?;
    report.step("examples in the documentation", |count| {
        exec::run_tests(workspace.cargo_without_web(DOC_TESTS).args(filter), count)
    })
}

/// Every test and every program, with the browser part in the server.
pub fn build_tests(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    report.step("build of programs and tests", |_| {
        exec::run(runner(|arguments| workspace.cargo_with_web(arguments)).arg("--no-run"))
    })
}

pub fn run_tests(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    report.step("tests", |count| {
        let scratch = Scratch::new("tests")?;
        let mut runner = runner(|arguments| workspace.cargo_with_web(arguments));
        exec::run_tests(runner.env("TMPDIR", scratch.path()), count)
    })
}

pub fn run_doc_tests(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    report.step("examples in the documentation", |count| {
        exec::run_tests(&mut workspace.cargo_with_web(DOC_TESTS), count)
    })
}

const DOC_TESTS: [&str; 4] = ["test", "--workspace", "--locked", "--doc"];

/// nextest where it is, and cargo's own runner where not.
fn runner(cargo: impl Fn([&str; 4]) -> Command) -> Command {
    if works("cargo", &["nextest", "--version"]) {
        let mut nextest = cargo(["nextest", "run", "--workspace", "--locked"]);
        nextest.args(["--profile", "ci"]);
        return nextest;
    }
    let mut test = cargo(["test", "--workspace", "--locked", "--all-targets"]);
    test.arg("--no-fail-fast");
    test
}
