use std::process::Command;

use super::programs::Programs;
use crate::exec::run;
use crate::report::Report;
use crate::workspace::Workspace;
use crate::{Failure, install};

/// Pictures of every page, and the README's: those that the browser tests make.
pub fn shots(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    let mut browsers = None;
    report.step("browsers", |_| {
        browsers = Some(install::browsers(workspace)?);
        Ok(())
    })?;
    let programs = Programs::build(workspace, report)?;
    report.step("pictures", |_| {
        let mut node = Command::new("node");
        node.current_dir(workspace.e2e()).env("ANTEROOM_BIN", &programs.server);
        if let Some(browsers) = &browsers {
            node.envs(browsers.environment());
        }
        run(node.args(["--test", "specs/pages.test.mjs", "specs/picture.test.mjs"]))?;
        let (made, kept) = (
            workspace.e2e().join("out/picture.png"),
            workspace.root.join("docs/picture.png"),
        );
        std::fs::copy(&made, &kept)
            .map(|_| ())
            .map_err(|error| format!("{} can't be copied to {}: {error}", made.display(), kept.display()))
    })
}
