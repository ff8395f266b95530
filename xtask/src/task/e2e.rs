use std::path::Path;
use std::process::Command;

use super::programs::Programs;
use crate::exec::{run as run_command, tests};
use crate::lanes::{self, table};
use crate::report::{Report, say};
use crate::workspace::Workspace;
use crate::{Failure, install};

/// The folders with browser tests: those of the harness itself, those of the product, and those of the module that joins
/// Teams.
const FOLDERS: [&str; 3] = ["harness", "specs", "teams-client"];
const ENDING: &str = ".test.mjs";
/// As many as work at once on two cores: while one waits for a timer, the other computes.
const LANES: usize = 2;
/// Those that take longest are begun first, so that none of them is alone at the end; one that computes beside one that
/// waits. What is not named here follows in the order of its name.
const LONG_FIRST: [&str; 9] = [
    "specs/network",
    "specs/pages",
    "teams-client/real",
    "specs/start",
    "specs/stories-launch",
    "specs/teams-meeting",
    "specs/teams-real",
    "specs/teams",
    "specs/stories-clinic",
];

pub fn e2e(workspace: &Workspace, report: &mut Report, filter: Option<&str>) -> Result<(), Failure> {
    let programs = Programs::build(workspace, report)?;
    run(workspace, report, filter, &programs)
}

/// The browser tests against programs that are built.
pub fn run(
    workspace: &Workspace,
    report: &mut Report,
    filter: Option<&str>,
    programs: &Programs,
) -> Result<(), Failure> {
    let mut browsers = None;
    report.step("browsers", |_| {
        browsers = Some(install::browsers(workspace)?);
        Ok(())
    })?;
    let node = || {
        let mut node = Command::new("node");
        node.current_dir(workspace.e2e())
            .env("ANTEROOM_BIN", &programs.server)
            .env("ANTEROOM_EMULATOR", &programs.emulator)
            .env("ANTEROOM_SENTENCES", &programs.sentences);
        if let Some(browsers) = &browsers {
            node.envs(browsers.environment());
        }
        node
    };
    let demo = workspace.target.join("demo");
    report.step("the demonstration, made once", |_| {
        run_command(node().arg("lib/demo.mjs").arg(&demo))
    })?;
    report.step("browser tests", |count| {
        let (files, pattern) = choose(files(&workspace.e2e())?, filter);
        let ran = lanes::run(&files, LANES, |file| {
            let mut node = node();
            node.env("ANTEROOM_DEMO", &demo)
                // What a test that failed has left running must not keep its file from ending.
                .args(["--test", "--test-force-exit", "--test-reporter=spec"]);
            if let Some(pattern) = pattern {
                node.arg(format!("--test-name-pattern={pattern}"));
            }
            node.arg(file);
            node
        })?;
        say(&table(&ran));
        for one in &ran {
            *count += one.count;
        }
        let failed: Vec<&str> = ran
            .iter()
            .filter_map(|ran| ran.outcome.as_ref().err())
            .map(String::as_str)
            .collect();
        match (failed.as_slice(), count.passed) {
            ([], 0) => Err("No browser test ran.".to_owned()),
            ([], _) => Ok(()),
            (failed, _) => Err(format!("{}\n{} passed.", failed.join("\n"), tests(count.passed))),
        }
    })
}

/// The files whose name contains the filter; where there is none, all of them, for tests with such a name.
fn choose(files: Vec<String>, filter: Option<&str>) -> (Vec<String>, Option<&str>) {
    let Some(filter) = filter else { return (files, None) };
    let named: Vec<String> = files.iter().filter(|file| file.contains(filter)).cloned().collect();
    if named.is_empty() {
        (files, Some(filter))
    } else {
        (named, None)
    }
}

fn files(e2e: &Path) -> Result<Vec<String>, Failure> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        let cannot = |error: std::io::Error| format!("e2e/{folder} can't be read: {error}");
        for entry in std::fs::read_dir(e2e.join(folder)).map_err(cannot)? {
            let name = entry.map_err(cannot)?.file_name().to_string_lossy().into_owned();
            if name.ends_with(ENDING) {
                files.push(format!("{folder}/{name}"));
            }
        }
    }
    files.sort_by_cached_key(|file| (place(file), file.clone()));
    Ok(files)
}

/// Where a file stands in the queue.
fn place(file: &str) -> usize {
    let name = file.strip_suffix(ENDING).unwrap_or(file);
    LONG_FIRST
        .iter()
        .position(|long| *long == name)
        .unwrap_or(LONG_FIRST.len())
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

    #[test]
    fn long_files_are_begun_first() {
        assert!(place("specs/network.test.mjs") < place("specs/pages.test.mjs"));
        assert!(place("specs/pages.test.mjs") < place("harness/app.test.mjs"));
        assert_eq!(place("specs/teams-other.test.mjs"), LONG_FIRST.len());
    }

    #[test]
    fn every_long_file_is_there() {
        let e2e = Path::new(env!("CARGO_MANIFEST_DIR")).join("../e2e");
        for long in LONG_FIRST {
            assert!(e2e.join(format!("{long}{ENDING}")).is_file(), "{long}");
        }
    }
}
