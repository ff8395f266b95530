//! Microsoft Teams, as this installation is set up for it: the engine, the rules, and the module that browsers load.

mod build;
mod client;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anteroom_domain::organisation::Engine;
use anteroom_domain::refusal::TeamsOff;
use anteroom_domain::teams::cost::{Rates, parse_price};
use anteroom_domain::trouble::Trouble;
use anteroom_domain::view::TeamsOffer;
use anteroom_engines::teams::acs::{Auth, ConnectionString, IdentityClient};
use anteroom_engines::teams::entra::{self, Certificate, Credential, TokenSource};
use anteroom_engines::teams::graph::GraphClient;
use anteroom_engines::teams::{Teams as TeamsEngine, TeamsParts};
use anteroom_http::ApiSecret;
use anteroom_http::{Http, Timeouts};
use anteroom_service::port::{Clock, EngineOff, Entropy, Meetings, Provisioning};
use anteroom_service::{Engines, TeamsRules};
use url::Url;

pub use build::{BuildError, build, is_stale};
pub use client::{ClientError, TeamsClient, served};

use crate::config::{Config, TeamsConfig};

/// What the rest of the server needs of it.
pub struct Teams {
    pub meetings: Arc<dyn Meetings>,
    pub provisioning: Arc<dyn Provisioning>,
    pub rules: TeamsRules,
    /// None: it is not built, or Teams is off.
    pub client: Option<Arc<TeamsClient>>,
    /// Hosts that the module may reach beside Microsoft's.
    pub connect: Vec<String>,
}

/// What is reached at Microsoft's, with which rights.
pub struct Outside {
    pub identity: IdentityClient,
    pub graph: Option<GraphClient>,
    pub endpoint: Url,
}

/// Where the module is built and served from.
pub fn client_folder(config: &Config) -> PathBuf {
    let folder = config.teams.client.clone();
    folder.unwrap_or_else(|| config.data.join("teams-client"))
}

/// Is the module missing, or of another version than this binary?
pub fn is_to_be_built(folder: &Path) -> bool {
    matches!(TeamsClient::open(folder), Err(ClientError::Missing(_))) || is_stale(folder)
}

/// Has an operator set anything up?
pub fn is_wanted(config: &TeamsConfig) -> bool {
    config.connection_string.is_some() || config.endpoint.is_some()
}

impl Teams {
    pub fn off() -> Self {
        Self::off_because(TeamsOff::NotSetUp, TeamsRules::default().rates)
    }

    fn off_because(why: TeamsOff, rates: Rates) -> Self {
        let offer = TeamsOffer {
            on: false,
            why_off: Some(why.clone()),
            graph: false,
            webinars: false,
        };
        let off = Arc::new(EngineOff {
            why: Trouble::TeamsOff(why),
        });
        Self {
            meetings: off.clone(),
            provisioning: off,
            rules: TeamsRules {
                offer,
                rates,
                chat: false,
            },
            client: None,
            connect: Vec::new(),
        }
    }

    /// What the use cases run meetings on here: the built-in engine, and this.
    pub fn engines(&self, builtin: impl Meetings + 'static) -> Engines {
        let (meetings, provisioning) = (self.meetings.clone(), self.provisioning.clone());
        Engines::builtin(builtin)
            .with(Engine::Teams, meetings, Some(provisioning))
            .with_rules(self.rules.clone())
    }

    /// On where everything is there, else off, and why.
    pub fn set_up(config: &TeamsConfig, client: &Path, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let rates = rates(config);
        if !is_wanted(config) {
            return Self::off_because(TeamsOff::NotSetUp, rates);
        }
        let outside = match outside(config, clock.clone(), entropy) {
            Ok(outside) => outside,
            Err(why) => return Self::off_because(TeamsOff::Settings { why }, rates),
        };
        let client = match TeamsClient::open(client) {
            Ok(client) => Arc::new(client),
            Err(why) => {
                return Self::off_because(TeamsOff::NotBuilt { why: why.to_string() }, rates);
            }
        };
        let offer = TeamsOffer {
            on: true,
            why_off: None,
            graph: outside.graph.is_some(),
            webinars: config.webinars,
        };
        let engine = Arc::new(TeamsEngine::new(TeamsParts {
            identity: outside.identity,
            graph: outside.graph,
            scope: config.scope.clone(),
            client: client.entry.clone(),
            endpoint: outside.endpoint.to_string(),
            chat: config.chat,
            clock,
        }));
        Self {
            meetings: engine.clone(),
            provisioning: engine,
            rules: TeamsRules {
                offer,
                rates,
                chat: config.chat,
            },
            client: Some(client),
            connect: config.connect.clone(),
        }
    }
}

fn rates(config: &TeamsConfig) -> Rates {
    let default = Rates::default();
    Rates {
        minute: parse_price(&config.minute_price).unwrap_or(default.minute),
        message: parse_price(&config.message_price).unwrap_or(default.message),
        currency: config.currency.clone(),
    }
}

/// The clients of Microsoft's services, from the settings; or what is missing among them.
pub fn outside(config: &TeamsConfig, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Outside, String> {
    let http = Http::new(Timeouts::default()).map_err(|failure| failure.to_string())?;
    let application = application(config)?;
    let source = |resource: &str| -> Option<TokenSource> {
        let (clock, entropy) = (clock.clone(), entropy.clone());
        match &application {
            Some(Application::Managed {
                client_id,
                hosted: Some(Hosted { endpoint, header }),
            }) => Some(TokenSource::hosted(
                http.clone(),
                endpoint,
                header.clone(),
                client_id.as_deref(),
                resource,
                clock,
                entropy,
            )),
            Some(Application::Managed {
                client_id,
                hosted: None,
            }) => {
                let metadata = entra::METADATA.parse().ok()?;
                Some(TokenSource::managed(
                    http.clone(),
                    &metadata,
                    client_id.as_deref(),
                    resource,
                    clock,
                    entropy,
                ))
            }
            Some(Application::Registered {
                login,
                tenant,
                client_id,
                credential,
            }) => Some(TokenSource::client(
                http.clone(),
                login,
                tenant,
                client_id,
                credential.clone(),
                resource,
                clock,
                entropy,
            )),
            None => None,
        }
    };
    let (endpoint, auth) = match (&config.connection_string, &config.endpoint) {
        (Some(_), Some(_)) => {
            return Err(
                "set `teams.connection_string` or `teams.endpoint`, not both: the string names the endpoint.".into(),
            );
        }
        (Some(text), None) => {
            let ConnectionString { endpoint, key } = text
                .0
                .parse()
                .map_err(|why: anteroom_engines::teams::acs::Unusable| why.to_string())?;
            (endpoint, Auth::Key(key))
        }
        (None, Some(endpoint)) => {
            let source = source(entra::acs_of(endpoint)).ok_or("`teams.endpoint` needs `teams.managed_identity = \"on\"`, or `teams.tenant`, `teams.client_id` and `teams.client_secret` or `teams.certificate`.")?;
            (endpoint.clone(), Auth::Bearer(Arc::new(source)))
        }
        (None, None) => return Err("neither `teams.connection_string` nor `teams.endpoint` is set.".into()),
    };
    let graph = match (config.graph, &config.graph_url) {
        (true, Some(url)) => {
            let source = source(&entra::graph_of(url)).ok_or("`teams.graph` needs an app registration: set `teams.tenant`, `teams.client_id` and `teams.client_secret` or `teams.certificate`.")?;
            Some(GraphClient::new(
                http.clone(),
                url.clone(),
                Arc::new(source),
                config.client_id.as_deref().unwrap_or(UNNAMED),
                clock.clone(),
                entropy.clone(),
            ))
        }
        _ => None,
    };
    let identity = IdentityClient::new(http, endpoint.clone(), auth, &config.api_version, clock, entropy);
    Ok(Outside {
        identity,
        graph,
        endpoint,
    })
}

/// Stands in a command for the id of an application that only Azure knows: the machine's own identity.
const UNNAMED: &str = "<application ID of the managed identity, under Enterprise applications in Entra's admin centre>";

enum Application {
    Managed {
        client_id: Option<String>,
        /// None: this is a machine of its own, with a metadata service.
        hosted: Option<Hosted>,
    },
    Registered {
        login: Url,
        tenant: String,
        client_id: String,
        credential: Credential,
    },
}

/// Where App Service and Container Apps give the application's tokens, and what they must be shown.
#[derive(Debug, PartialEq, Eq)]
struct Hosted {
    endpoint: Url,
    header: ApiSecret,
}

/// Azure says so in two variables. (With one of them alone it is something else of Azure's.)
fn hosted(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Hosted>, String> {
    let given = |name| variable(name).filter(|value| !value.is_empty());
    let (Some(endpoint), Some(header)) = (given("IDENTITY_ENDPOINT"), given("IDENTITY_HEADER")) else {
        return Ok(None);
    };
    let endpoint = endpoint
        .parse()
        .map_err(|_| "the variable IDENTITY_ENDPOINT is no address: leave it as Azure sets it.".to_owned())?;
    Ok(Some(Hosted {
        endpoint,
        header: ApiSecret::new(header),
    }))
}

fn application(config: &TeamsConfig) -> Result<Option<Application>, String> {
    if config.managed_identity {
        return Ok(Some(Application::Managed {
            client_id: config.client_id.clone(),
            hosted: hosted(|name| std::env::var(name).ok())?,
        }));
    }
    let credential = match (&config.client_secret, &config.certificate) {
        (Some(_), Some(_)) => return Err("set `teams.client_secret` or `teams.certificate`, not both.".into()),
        (Some(secret), None) => Some(Credential::Secret(ApiSecret::new(secret.0.clone()))),
        (None, Some(path)) => {
            let pem = std::fs::read(path).map_err(|error| format!("`teams.certificate` can't be read: {error}"))?;
            let certificate: Certificate =
                Certificate::from_pem(&pem).map_err(|why| format!("`teams.certificate`: {why}"))?;
            Some(Credential::Certificate(certificate))
        }
        (None, None) => None,
    };
    match (&config.tenant, &config.client_id, credential, &config.login_url) {
        (Some(tenant), Some(client_id), Some(credential), Some(login)) => Ok(Some(Application::Registered {
            login: login.clone(),
            tenant: tenant.clone(),
            client_id: client_id.clone(),
            credential,
        })),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use anteroom_app::words::trouble_text;
    use anteroom_domain::trouble::{Setting, Trouble};
    use anteroom_engines::teams::entra::what_to_do;
    use anteroom_engines::teams::graph::GraphTrouble;
    use anteroom_http::Failure;

    use super::*;

    /// The log and the pages say the same: a code's sentence stands in the catalogue, and where it is made.
    #[test]
    fn an_admin_reads_of_a_failure_what_an_operator_does() {
        let host = || "far.example".to_owned();
        let denied = |code: Option<&str>, ahead| Failure::Denied {
            host: host(),
            code: code.map(str::to_owned),
            advice: code.and_then(what_to_do),
            ahead,
        };
        let refused = |status, code: Option<&str>| Failure::Refused {
            host: host(),
            status,
            code: code.map(str::to_owned),
            advice: code.and_then(what_to_do),
        };
        let not_there = |code: Option<&str>| Failure::NotThere {
            host: host(),
            code: code.map(str::to_owned),
        };
        let throttled = |retry_after| Failure::Throttled {
            host: host(),
            retry_after,
        };
        let advised = [
            "90002", "900023", "700016", "7000215", "7000222", "7000216", "7000218", "7000112", "700027", "700024",
            "700021", "700023", "500011", "500014", "53003", "1",
        ];
        let advised = advised.map(|number| denied(Some(&format!("AADSTS{number}")), None));
        let failures = [
            throttled(None),
            throttled(Some(Duration::from_millis(90_500))),
            Failure::Unavailable {
                host: host(),
                retry_after: None,
            },
            Failure::TimedOut { host: host() },
            Failure::Unreachable { host: host() },
            Failure::BrokenOff { host: host() },
            denied(None, None),
            denied(Some("Denied"), Some(-500)),
            denied(None, Some(3_600)),
            not_there(None),
            not_there(Some("IdentityNotFound")),
            refused(307, None),
            refused(404, Some("x")),
            refused(400, None),
            refused(400, Some("AADSTS90002")),
            Failure::Malformed { host: host() },
            Failure::Unwanted,
        ];
        for failure in failures.iter().chain(&advised) {
            assert_eq!(
                trouble_text(&Trouble::from(failure)),
                failure.to_string(),
                "{failure:?}"
            );
        }
        let (application, user) = (String::from("app"), String::from("user"));
        for trouble in [
            GraphTrouble::MissingConsent {
                application: application.clone(),
            },
            GraphTrouble::MissingAccessPolicy {
                application,
                user: user.clone(),
            },
            GraphTrouble::UnknownUser { user },
        ] {
            assert_eq!(
                trouble_text(&Trouble::from(&trouble)),
                trouble.to_string(),
                "{trouble:?}"
            );
        }
        assert!(trouble_text(&Trouble::Setting(Setting::Https)).contains("ca-certificates"));
    }

    #[test]
    fn where_azure_hosts_us_its_two_variables_say_so() {
        let of = |endpoint: &str, header: &str| {
            hosted(|name| match name {
                "IDENTITY_ENDPOINT" => Some(endpoint.to_owned()),
                "IDENTITY_HEADER" => Some(header.to_owned()),
                _ => None,
            })
        };
        let endpoint = "http://127.0.0.1:41741/msi/token/";
        let found = Hosted {
            endpoint: endpoint.parse().unwrap(),
            header: ApiSecret::new("853b9a84"),
        };
        assert_eq!(of(endpoint, "853b9a84"), Ok(Some(found)));
        assert_eq!(of(endpoint, ""), Ok(None));
        assert_eq!(of("", "853b9a84"), Ok(None));
        assert_eq!(hosted(|_| None), Ok(None));
        assert!(of("nowhere", "853b9a84").is_err_and(|why| why.contains("IDENTITY_ENDPOINT")));
    }
}
