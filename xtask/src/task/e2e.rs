use std::path::{Path, PathBuf};
use std::process::Command;

use super::release::release;
use crate::exec::{run, run_tests};
use crate::report::Report;
use crate::workspace::Workspace;
use crate::{Failure, install};

/// The folders with browser tests: those of the harness itself, those of the product, and those of the module that joins
/// Teams.
const FOLDERS: [&str; 3] = ["harness", "specs", "teams-client"];
const ENDING: &str = ".test.mjs";

pub fn e2e(workspace: &Workspace, report: &mut Report, filter: Option<&str>) -> Result<(), Failure> {
    let mut chromium = PathBuf::new();
    report.step("browser", |_| {
        chromium = install::browser(workspace)?;
        Ok(())
    })?;
    let binary = release(workspace, report)?;
    report.step("emulator", |_| {
        run(&mut workspace.cargo_without_web(["build", "--locked", "-p", "anteroom-emulator"]))
    })?;
    report.step("browser tests", |count| {
        let files = files(&workspace.e2e())?;
        let (files, pattern) = choose(files, filter);
        let mut node = Command::new("node");
        node.current_dir(workspace.e2e())
            .env("ANTEROOM_BIN", &binary)
            .env("ANTEROOM_CHROMIUM", &chromium)
            .env("ANTEROOM_EMULATOR", workspace.target.join("debug/anteroom-emulator"))
            // One file at a time: two calls at once on two cores measure each other.
            .args(["--test", "--test-concurrency=1", "--test-reporter=spec"]);
        if let Some(pattern) = pattern {
            node.arg(format!("--test-name-pattern={pattern}"));
        }
        node.args(files);
        run_tests(&mut node, count)?;
        match count.passed {
            0 => Err("No browser test ran.".to_owned()),
            _ => Ok(()),
        }
    })
}

/// The files whose name contains the filter; where there is none, all of them, for tests with such a name.
fn choose(files: Vec<String>, filter: Option<&str>) -> (Vec<String>, Option<&str>) {
    let Some(filter) = filter else { return (files, None) };
    let named: Vec<String> = files.iter().filter(|file| file.contains(filter)).cloned().collect();
    match named.is_empty() {
        true => (files, Some(filter)),
        false => (named, None),
    }
}

fn files(e2e: &Path) -> Result<Vec<String>, Failure> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        let mut names = Vec::new();
        let cannot = |error: std::io::Error| format!("e2e/{folder} can't be read: {error}");
        for entry in std::fs::read_dir(e2e.join(folder)).map_err(cannot)? {
            let name = entry.map_err(cannot)?.file_name().to_string_lossy().into_owned();
            if name.ends_with(ENDING) {
                names.push(format!("{folder}/{name}"));
            }
        }
        names.sort();
        files.extend(names);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_part_of_a_file_or_else_of_a_test() {
        let files = || vec!["harness/app.test.mjs".to_owned(), "specs/main-job.test.mjs".to_owned()];
        assert_eq!(choose(files(), None), (files(), None));
        assert_eq!(
            choose(files(), Some("main")),
            (vec!["specs/main-job.test.mjs".to_owned()], None)
        );
        assert_eq!(choose(files(), Some("declined")), (files(), Some("declined")));
    }
}
