//! `anteroom doctor` looks at what this installation depends on, with the settings that the server would run with. It
//! changes nothing here, and works beside a running server.

mod certificate;
mod clock;
mod data;
mod database;
mod descriptors;
mod finding;
mod media;
mod port;
mod public;
mod teams;
mod web;
mod zones;

use crate::commands::{Failure, block_on, configuration};
use crate::config::{Effective, Flags};
use crate::teams::is_wanted;
use finding::{Finding, Findings};

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    only: Option<Only>,
    #[command(flatten)]
    asked: Asked,
}

#[derive(Debug, clap::Subcommand)]
enum Only {
    /// Teams alone: mint a token and delete its identity, ask Microsoft Graph, and look for the module that joins
    Teams(Asked),
}

#[derive(Debug, clap::Args)]
struct Asked {
    /// The Entra object ID of a host, to try whether Teams meetings can be made in their name
    #[arg(long, value_name = "ID")]
    host: Option<String>,
    #[command(flatten)]
    flags: Flags,
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let mut findings = Findings::default();
    let asked = match &args.only {
        Some(Only::Teams(asked)) => asked,
        None => &args.asked,
    };
    match configuration(&asked.flags) {
        Ok(effective) => block_on(async {
            match args.only {
                Some(Only::Teams(_)) => teams_alone(asked, &effective, &mut findings).await,
                None => all(asked, &effective, &mut findings).await,
            }
            Ok(())
        })?,
        Err(failure) => findings.tell(&Finding::bad(CONFIGURATION, failure.to_string())),
    }
    findings.told()
}

const CONFIGURATION: &str = "configuration";

async fn teams_alone(asked: &Asked, effective: &Effective, findings: &mut Findings) {
    for warning in effective.warnings() {
        findings.tell(&Finding::warning(CONFIGURATION, warning));
    }
    teams::check(&effective.config, asked.host.as_deref(), findings).await;
}

async fn all(asked: &Asked, effective: &Effective, findings: &mut Findings) {
    let config = &effective.config;
    findings.tell(&configured(effective));
    for warning in effective.web_warnings() {
        findings.tell(&Finding::warning(CONFIGURATION, warning));
    }
    let (found, server) = web::check(config.listen);
    findings.tell(&found);
    findings.tell(&media::port(config.media.listen, server));
    let public = public::check(config, server, findings).await;
    findings.tell(&media::offered(&config.media, public.is_for_outsiders));
    findings.tell(&clock::check(config, public.compared).await);
    findings.tell(&data::check(&config.data));
    findings.tell(&database::check(&config.data, server).await);
    findings.tell(&zones::check());
    findings.tell(&descriptors::check());
    if is_wanted(&config.teams) {
        teams::check(config, asked.host.as_deref(), findings).await;
    } else {
        findings.tell(&Finding::good(teams::WHAT, "is not set up, and not needed."));
    }
}

fn configured(effective: &Effective) -> Finding {
    let sentence = match &effective.file {
        Some(file) => format!("makes sense; {} was read.", file.display()),
        None => "makes sense; no file was read, because there is no anteroom.toml in the data folder.".to_owned(),
    };
    Finding::good(CONFIGURATION, sentence)
}
