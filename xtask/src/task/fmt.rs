use crate::Failure;
use crate::exec::run;
use crate::report::Report;
use crate::workspace::Workspace;

pub fn fmt(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    report.step("format", |_| {
        run(&mut workspace.cargo(["fmt", "--all", "--check"]))
            .map_err(|failure| format!("{failure}\n`cargo fmt --all` mends it."))
    })
}
