use crate::exec::run;
use crate::report::Report;
use crate::workspace::{WASM, Workspace};
use crate::{Failure, install};

pub fn lint(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    report.step("clippy", |_| {
        run(&mut workspace.cargo_without_web([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    report.step("clippy for the browser", |_| {
        install::toolchain(workspace)?;
        run(&mut workspace.cargo_without_web([
            "clippy",
            "-p",
            "anteroom-app",
            "-p",
            "anteroom-web",
            "--features",
            "anteroom-app/hydrate",
            "--lib",
            "--target",
            WASM,
            "--locked",
            "--",
            "-D",
            "warnings",
        ]))
    })
}
