//! Microsoft Teams: a token is minted and its identity deleted again, Graph is asked, the module that joins is looked for.

use std::path::Path;
use std::sync::Arc;

use anteroom_app::words::trouble_text;
use anteroom_domain::value::EntraId;
use anteroom_engines::teams::acs::NotCreated;
use anteroom_engines::teams::graph::GraphClient;
use anteroom_engines::teams::{is_chat_there, scopes};
use anteroom_service::port::{Clock as _, EngineError, QueueTicket};
use async_trait::async_trait;

use super::finding::{Finding, Findings};
use crate::config::Config;
use crate::system::{SystemClock, SystemEntropy};
use crate::teams::{TeamsClient, client_folder, is_stale, is_wanted, outside};

pub const WHAT: &str = "Teams";
const MODULE: &str = "the module that joins";
const ACS: &str = "Azure Communication Services";
const GRAPH: &str = "Microsoft Graph";

/// Microsoft's shortest.
const MINUTES: u32 = 60;

pub async fn check(config: &Config, host: Option<&str>, findings: &mut Findings) {
    if !is_wanted(&config.teams) {
        findings.tell(&Finding::bad(
            WHAT,
            "is not set up: set ANTEROOM_TEAMS_CONNECTION_STRING, or `teams.endpoint` with an app registration. \
             docs/TEAMS.md goes through it.",
        ));
        return;
    }
    findings.tell(&module(&client_folder(config)));
    let outside = match outside(&config.teams, Arc::new(SystemClock), Arc::new(SystemEntropy)) {
        Ok(outside) => outside,
        Err(why) => {
            findings.tell(&Finding::bad(WHAT, why));
            return;
        }
    };
    // As a guest's is asked for: a scope that is refused is found out here.
    let chat = config.teams.chat && is_chat_there(SystemClock.now());
    let scopes = scopes(&config.teams.scope, chat);
    match outside.identity.create(&scopes, MINUTES, &Alone).await {
        Ok(created) => {
            let granted = format!("gave an identity and a token for {}.", scopes.join(" and "));
            findings.tell(&Finding::good(ACS, granted));
            findings.tell(&match outside.identity.delete(&created.identity).await {
                Ok(()) => Finding::good(ACS, "deleted the identity again."),
                Err(failure) => Finding::bad(ACS, format!("An identity without a holder stays behind. {failure}")),
            });
        }
        Err(error) => findings.tell(&Finding::bad(ACS, not_created(&error))),
    }
    findings.tell(&graph(outside.graph.as_ref(), host).await);
}

fn module(folder: &Path) -> Finding {
    match TeamsClient::open(folder) {
        Ok(_) if is_stale(folder) => Finding::bad(
            MODULE,
            "is of another version of Anteroom. `anteroom teams build-client` builds it anew; so does `anteroom serve` when it starts.",
        ),
        Ok(_) => Finding::good(MODULE, "is built."),
        Err(why) => Finding::bad(MODULE, format!("{why}. `anteroom teams build-client` builds it.")),
    }
}

fn not_created(error: &NotCreated) -> String {
    match error {
        NotCreated::Unanswered(unanswered) if unanswered.may_be_done => format!(
            "{} An identity may have been made all the same, whose name is not known. It costs nothing, and nobody has its token.",
            unanswered.failure
        ),
        NotCreated::Unanswered(unanswered) => unanswered.failure.to_string(),
        NotCreated::Unwanted(error) => trouble_text(&error.admin),
    }
}

async fn graph(graph: Option<&GraphClient>, host: Option<&str>) -> Finding {
    let Some(graph) = graph else {
        return Finding::good(GRAPH, "is off: clerks paste the links of their meetings.");
    };
    let Some(host) = host else {
        return Finding::warning(
            GRAPH,
            "was not tried. Give the Entra object ID of a host with --host, and it is asked for a meeting in their name.",
        );
    };
    match host.parse::<EntraId>() {
        Err(_) => Finding::bad(
            GRAPH,
            "--host wants an Entra object ID, such as 2c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001.",
        ),
        Ok(host) => match graph.check(&host).await {
            Ok(()) => Finding::good(GRAPH, "may make meetings in the name of this host."),
            Err(trouble) => Finding::bad(GRAPH, trouble.to_string()),
        },
    }
}

/// Nobody else asks.
struct Alone;

#[async_trait]
impl QueueTicket for Alone {
    fn position(&self, _: u32) {}

    async fn called(&self) -> Result<(), EngineError> {
        Ok(())
    }
}
