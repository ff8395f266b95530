//! The command line.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{admin, check_config, doctor, healthcheck, serve, teams, version};
use crate::config::Flags;

/// Virtual appointments on your own site.
///
/// Without a command, `anteroom` serves. Everything can be set in the environment (`ANTEROOM_LISTEN`, …) and in
/// anteroom.toml as well; `anteroom check-config` says what is in effect.
#[derive(Debug, Parser)]
#[command(name = "anteroom", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Args,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (what happens without a command)
    Serve(serve::Args),
    /// Keep the accounts of administrators
    #[command(subcommand)]
    Admin(admin::Command),
    /// Print the configuration in effect and where each value comes from; fails where something is wrong
    CheckConfig(Flags),
    /// Meetings on Microsoft Teams
    #[command(subcommand)]
    Teams(teams::Command),
    /// Try what this installation depends on, with its real settings, and say what to do where it fails
    Doctor(doctor::Args),
    /// Print the version
    Version,
    /// Ask a running server whether it is ready; fails where it is not
    Healthcheck(healthcheck::Args),
}

pub fn main() -> ExitCode {
    // Clap itself ends the process for an invalid command line: usage on stderr, code 2.
    let cli = Cli::parse();
    let result = match cli.command.unwrap_or(Command::Serve(cli.serve)) {
        Command::Serve(args) => serve::run(&args),
        Command::Admin(command) => admin::run(&command),
        Command::CheckConfig(flags) => check_config::run(&flags),
        Command::Teams(command) => teams::run(&command),
        Command::Doctor(args) => doctor::run(&args),
        Command::Version => version::run(),
        Command::Healthcheck(args) => healthcheck::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // An error here means that stderr is closed: nobody reads.
            let _ = writeln!(std::io::stderr(), "{}", with_causes(failure.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// The error and its causes, a line each. A cause whose text is part of a line above is left out.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = format!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        let sentence = error.to_string();
        if !text.contains(&sentence) {
            text.push_str("\n  because: ");
            text.push_str(&sentence);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_a_command_it_serves() {
        let cli = Cli::try_parse_from(["anteroom", "--demo", "--listen", "127.0.0.1:0"]).unwrap();
        assert!(cli.command.is_none() && cli.serve.demo);
        assert_eq!(cli.serve.flags.listen.as_deref(), Some("127.0.0.1:0"));
        let cli = Cli::try_parse_from(["anteroom", "serve", "--media-advertise", "192.0.2.1,192.0.2.2"]).unwrap();
        assert!(matches!(cli.command, Some(Command::Serve(args)) if !args.demo));
        assert!(Cli::try_parse_from(["anteroom", "--demo", "version"]).is_err());
        assert!(Cli::try_parse_from(["anteroom", "surve"]).is_err());
    }

    #[test]
    fn a_doctor_looks_at_everything_or_at_what_is_named() {
        for line in [
            &["anteroom", "doctor"][..],
            &["anteroom", "doctor", "--data", "x", "--host", "y"],
            &["anteroom", "doctor", "teams", "--host", "y", "--data", "x"],
        ] {
            let cli = Cli::try_parse_from(line).unwrap();
            assert!(matches!(cli.command, Some(Command::Doctor(_))), "{line:?}");
        }
        assert!(Cli::try_parse_from(["anteroom", "doctor", "team"]).is_err());
    }

    #[test]
    fn an_error_is_told_with_its_causes_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("the roof leaks")]
        struct Roof(#[source] Rain);
        #[derive(Debug, thiserror::Error)]
        #[error("it rains: {0}")]
        struct Rain(#[source] std::io::Error);
        let error = Roof(Rain(std::io::Error::other("clouds")));
        assert_eq!(
            with_causes(&error),
            "error: the roof leaks\n  because: it rains: clouds"
        );
    }
}
