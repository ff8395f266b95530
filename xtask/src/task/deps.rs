use crate::exec::{answer, run, works};
use crate::graph::Graph;
use crate::policy::Policy;
use crate::report::Report;
use crate::workspace::{WASM, Workspace};
use crate::{Failure, rules};

pub fn deps(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    report.step("rules of dependency", |_| {
        let graph = Graph::read(&workspace.metadata()?)?;
        let mut found = rules::broken(&graph);
        found.extend(rules::idle(&graph));
        // As it is really built: features differ between the server and the browser.
        let tree = [
            "tree",
            "--locked",
            "-p",
            "anteroom-web",
            "--target",
            WASM,
            "-e",
            "normal",
            "--prefix",
            "none",
        ];
        found.extend(rules::broken_in_browser(&answer(&mut workspace.cargo(tree))?));
        verdict(&found)
    })?;
    report.step("licences, banned crates, sources", |_| {
        let graph = Graph::read(&workspace.metadata()?)?;
        let policy = Policy::load(&workspace.root.join("deny.toml"))?;
        let mut found = policy.breaches(&graph);
        found.extend(policy.idle(&graph));
        verdict(&found)
    })?;
    if works("cargo", &["deny", "--version"]) {
        report.step("cargo deny", |_| run(&mut workspace.cargo(["deny", "check"])))?;
    } else {
        report.leave_out(
            "known vulnerabilities of dependencies (advisories), because cargo-deny is not installed here: cargo install cargo-deny",
        );
    }
    Ok(())
}

fn verdict(found: &[String]) -> Result<(), Failure> {
    match found.is_empty() {
        true => Ok(()),
        false => Err(found.join("\n")),
    }
}
