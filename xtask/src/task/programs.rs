use std::path::PathBuf;

use crate::Failure;
use crate::exec::run;
use crate::report::Report;
use crate::workspace::Workspace;

/// What the browser tests run, with the browser part as it is shipped.
pub struct Programs {
    pub server: PathBuf,
    pub emulator: PathBuf,
    /// Prints the catalogue as we write it.
    pub sentences: PathBuf,
}

impl Programs {
    /// Those of a build that was made.
    pub fn built(workspace: &Workspace) -> Self {
        Self {
            server: workspace.built("anteroom"),
            emulator: workspace.built("anteroom-emulator"),
            sentences: workspace.built("examples/sentences"),
        }
    }

    /// Builds both, or takes the server that `ANTEROOM_BIN` names.
    pub fn build(workspace: &Workspace, report: &mut Report) -> Result<Self, Failure> {
        let mut programs = Self::built(workspace);
        let named = std::env::var_os("ANTEROOM_BIN").map(PathBuf::from);
        let mut cargo = workspace.cargo_with_web(["build", "--locked", "-p", "anteroom-emulator"]);
        match named {
            Some(path) if !path.is_file() => {
                return Err(format!("ANTEROOM_BIN names {}, which is no file.", path.display()));
            }
            Some(path) => programs.server = path,
            None => {
                cargo.args(["-p", "anteroom"]);
            }
        }
        report.step("build", |_| run(&mut cargo))?;
        let example = [
            "build",
            "--locked",
            "-p",
            "anteroom-i18n",
            "--features",
            "embedded",
            "--example",
            "sentences",
        ];
        report.step("build of what prints the sentences", |_| {
            run(&mut workspace.cargo_with_web(example))
        })?;
        Ok(programs)
    }
}
