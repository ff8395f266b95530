use std::fmt::Write as _;
use std::sync::Arc;

use anteroom_domain::account::check_entra_id;
use anteroom_providers::acs::NotCreated;
use anteroom_providers::{is_chat_there, scopes};
use anteroom_service::port::{Clock as _, EngineError, Turn};
use async_trait::async_trait;

use crate::cli::{Failure, block_on, configuration, say};
use crate::config::Flags;
use crate::system::{SystemClock, SystemEntropy};
use crate::teams::{TeamsClient, client_folder, is_stale, is_wanted, outside};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Mint a token and delete its identity, ask Microsoft Graph, and look for the module that joins
    Teams(Teams),
}

#[derive(Debug, clap::Args)]
pub struct Teams {
    /// The Entra object ID of a host, to try whether meetings can be made in their name
    #[arg(long, value_name = "ID")]
    host: Option<String>,
    #[command(flatten)]
    flags: Flags,
}

/// Microsoft's shortest.
const MINUTES: u32 = 60;

pub fn run(command: &Command) -> Result<(), Failure> {
    let Command::Teams(args) = command;
    let effective = configuration(&args.flags)?;
    let mut findings = Findings::default();
    for warning in effective.warnings() {
        findings.warning(&warning);
    }
    let config = effective.config;
    if !is_wanted(&config.teams) {
        findings.bad("settings", "Teams is not set up: set ANTEROOM_TEAMS_CONNECTION_STRING, or `teams.endpoint` with an app registration. docs/TEAMS.md goes through it.");
        return findings.told();
    }
    match TeamsClient::open(&client_folder(&config)) {
        Ok(_) if is_stale(&client_folder(&config)) => findings.bad(
            "the module that joins",
            "is of another version of Anteroom. `anteroom teams build-client` builds it anew; so does `anteroom serve` when it starts.",
        ),
        Ok(_) => findings.good("the module that joins", "is built."),
        Err(why) => findings.bad(
            "the module that joins",
            &format!("{why}. `anteroom teams build-client` builds it."),
        ),
    }
    let outside = match outside(&config.teams, Arc::new(SystemClock), Arc::new(SystemEntropy)) {
        Ok(outside) => outside,
        Err(why) => {
            findings.bad("settings", &why);
            return findings.told();
        }
    };
    block_on(async {
        // As a guest's is asked for: a scope that is refused is found out here.
        let chat = config.teams.chat && is_chat_there(SystemClock.now());
        let scopes = scopes(&config.teams.scope, chat);
        match outside.identity.create(&scopes, MINUTES, &Alone).await {
            Ok(created) => {
                findings.good(
                    "Azure Communication Services",
                    &format!("gave an identity and a token for {}.", scopes.join(" and ")),
                );
                match outside.identity.delete(&created.identity).await {
                    Ok(()) => findings.good("Azure Communication Services", "deleted the identity again."),
                    Err(failure) => findings.bad(
                        "Azure Communication Services",
                        &format!("An identity without a holder stays behind. {failure}"),
                    ),
                }
            }
            Err(NotCreated::Unanswered(unanswered)) => {
                findings.bad("Azure Communication Services", &unanswered.failure.to_string());
                if unanswered.may_be_done {
                    findings.note(
                        "An identity may have been made all the same, whose name is not known. It costs nothing, and nobody has its token.",
                    );
                }
            }
            Err(NotCreated::Unwanted(error)) => findings.bad("Azure Communication Services", &error.admin),
        }
        match (&outside.graph, &args.host) {
            (None, _) => findings.good("Microsoft Graph", "is off: clerks paste the links of their meetings."),
            (Some(_), None) => findings.bad(
                "Microsoft Graph",
                "Whose meetings? Give the Entra object ID of a host with --host, and it is tried in their name.",
            ),
            (Some(graph), Some(host)) => match check_entra_id(host).ok().filter(|host| !host.is_empty()) {
                None => findings.bad(
                    "Microsoft Graph",
                    "--host wants an Entra object ID, such as 2c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001.",
                ),
                Some(host) => match graph.check(&host).await {
                    Ok(()) => findings.good("Microsoft Graph", "may make meetings in the name of this host."),
                    Err(trouble) => findings.bad("Microsoft Graph", &trouble.to_string()),
                },
            },
        }
        Ok(())
    })?;
    findings.told()
}

/// Nobody else asks.
struct Alone;

#[async_trait]
impl Turn for Alone {
    fn place(&self, _: u32) {}

    async fn comes(&self) -> Result<(), EngineError> {
        Ok(())
    }
}

/// What was tried, a line each.
#[derive(Default)]
struct Findings {
    text: String,
    failed: usize,
}

impl Findings {
    fn good(&mut self, what: &str, sentence: &str) {
        // Writing to a string can't fail.
        let _ = writeln!(self.text, "ok      {what} {sentence}");
    }

    fn warning(&mut self, sentence: &str) {
        let _ = writeln!(self.text, "warning {sentence}");
    }

    fn bad(&mut self, what: &str, sentence: &str) {
        self.failed += 1;
        let _ = writeln!(self.text, "FAILED  {what}: {sentence}");
    }

    fn note(&mut self, sentence: &str) {
        let _ = writeln!(self.text, "        {sentence}");
    }

    fn told(self) -> Result<(), Failure> {
        say(&self.text);
        match self.failed {
            0 => Ok(()),
            1 => Err("one thing has to be put right".into()),
            count => Err(format!("{count} things have to be put right").into()),
        }
    }
}
