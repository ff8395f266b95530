use std::process::Command;

use crate::exec::{answer, run};
use crate::graph::Graph;
use crate::install;
use crate::policy::Policy;
use crate::report::Report;
use crate::workspace::{WASM, Workspace};
use crate::{Failure, rules, unused};

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
    report.step("unused dependencies", |_| {
        verdict(&unused::unused(&workspace.metadata()?)?)
    })?;
    report.step("licences, banned crates, sources", |_| {
        let graph = Graph::read(&workspace.metadata()?)?;
        let policy = Policy::load(&workspace.root.join("deny.toml"))?;
        let mut found = policy.breaches(&graph);
        found.extend(policy.idle(&graph));
        verdict(&found)
    })?;
    advisories(workspace, report)
}

/// Where the advisories are kept; cargo-deny looks there.
const ADVISORIES: &str = "https://github.com/RustSec/advisory-db";

/// Known vulnerabilities of what we depend on. Nobody is kept waiting for a tool that could then ask nobody.
fn advisories(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    let mut git = Command::new("git");
    git.args(["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=10"])
        .args(["ls-remote", "--exit-code", ADVISORIES, "HEAD"])
        .env("GIT_TERMINAL_PROMPT", "0");
    let left_out = |why: &str| format!("known vulnerabilities of dependencies (advisories), because {why}");
    if answer(&mut git).is_err() {
        report.leave_out(&left_out(&format!("{ADVISORIES} can't be reached from here")));
        return Ok(());
    }
    let mut tool = Err(String::new());
    report.step("cargo-deny", |_| {
        tool = install::cargo_deny(workspace);
        Ok(())
    })?;
    match tool {
        Ok(program) => report.step("known vulnerabilities", |_| {
            run(Command::new(program)
                .current_dir(&workspace.root)
                .args(["check", "advisories"]))
        }),
        Err(failure) => {
            report.leave_out(&left_out(&format!("cargo-deny can't be installed here: {failure}")));
            Ok(())
        }
    }
}

fn verdict(found: &[String]) -> Result<(), Failure> {
    if found.is_empty() {
        Ok(())
    } else {
        Err(found.join("\n"))
    }
}
