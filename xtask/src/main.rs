//! The project's build tasks: `cargo xtask ci` is the one test command, the others are its parts.

mod count;
mod exec;
mod graph;
mod install;
mod lanes;
mod licence;
mod policy;
mod report;
mod rules;
mod scratch;
mod sentences;
mod task;
mod unused;
mod workspace;

use std::process::ExitCode;

use report::Report;
use workspace::Workspace;

/// A sentence, or several, for the person at the terminal.
type Failure = String;

const USAGE: &str = "\
cargo xtask ci             everything that must hold: format, rules, lints, tests, browser tests
cargo xtask fmt            the format (cargo fmt --all mends it)
cargo xtask deps           which crate may use which, what none uses, licences, banned crates
cargo xtask text           no sentence stands in code instead of in locales/
cargo xtask lint           clippy, for the server and for the browser
cargo xtask test [filter]  unit and whole-app tests
cargo xtask teams          the module that joins Teams, and the emulator against Microsoft's own clients (npm)
cargo xtask e2e [filter]   browser tests, in two lanes; the filter is part of a file's or a test's name
cargo xtask shots          pictures of every page into e2e/out, and docs/picture.png for the README

ANTEROOM_BIN       the browser tests use this binary and build none
ANTEROOM_CHROMIUM  the browser to use instead of the system's chromium
ANTEROOM_FIREFOX   the same for Firefox
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let task = arguments.next().unwrap_or_default();
    let filter = arguments.next();
    if arguments.next().is_some() || (filter.is_some() && !matches!(task.as_str(), "test" | "e2e")) {
        eprint!("There is one argument too many.\n\n{USAGE}");
        return ExitCode::FAILURE;
    }
    let workspace = match Workspace::find(task != "ci") {
        Ok(workspace) => workspace,
        Err(failure) => {
            eprintln!("{failure}");
            return ExitCode::FAILURE;
        }
    };
    let filter = filter.as_deref();
    let mut report = Report::new();
    let outcome = match task.as_str() {
        "ci" => task::ci(&workspace, &mut report),
        "fmt" => task::fmt(&workspace, &mut report),
        "deps" => task::deps(&workspace, &mut report),
        "text" => task::text(&workspace, &mut report),
        "lint" => task::lint(&workspace, &mut report),
        "test" => task::test(&workspace, &mut report, filter),
        "teams" => task::teams(&workspace, &mut report),
        "e2e" => task::e2e(&workspace, &mut report, filter),
        "shots" => task::shots(&workspace, &mut report),
        _ => {
            eprint!("{USAGE}");
            return match task.as_str() {
                "help" | "--help" | "-h" => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            };
        }
    };
    report.print(outcome.is_err());
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}
