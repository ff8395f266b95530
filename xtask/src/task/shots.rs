use std::path::PathBuf;
use std::process::Command;

use super::release::release;
use crate::exec::run;
use crate::report::Report;
use crate::workspace::Workspace;
use crate::{Failure, install};

/// Pictures of every page, and the README's, which is the one that the browser tests make.
pub fn shots(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    let mut chromium = PathBuf::new();
    report.step("browser", |_| {
        chromium = install::browser(workspace)?;
        Ok(())
    })?;
    let binary = release(workspace, report)?;
    let node = || {
        let mut node = Command::new("node");
        node.current_dir(workspace.e2e())
            .env("ANTEROOM_BIN", &binary)
            .env("ANTEROOM_CHROMIUM", &chromium);
        node
    };
    report.step("pictures of every page", |_| run(node().arg("shots/pages.mjs")))?;
    report.step("the README's picture", |_| {
        run(node().args(["--test", "specs/picture.test.mjs"]))?;
        let (made, kept) = (
            workspace.e2e().join("out/picture.png"),
            workspace.root.join("docs/picture.png"),
        );
        std::fs::copy(&made, &kept)
            .map(|_| ())
            .map_err(|error| format!("{} can't be copied to {}: {error}", made.display(), kept.display()))
    })
}
