use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anteroom_app::branding::Branding;
use anteroom_domain::organisation::Contact;

use super::setting::{Given, Layer};
use super::{
    Config, ConfigError, LogConfig, LogFormat, MediaConfig, Organisation, Problem, Setting, Source, TeamsConfig,
    environment, file, teams, value,
};

/// The name of the file in the data folder.
const FILE: &str = "anteroom.toml";

/// Our own lines from `info` on; of the libraries, what someone should look at.
const FILTER: &str = "info,sqlx=warn,str0m=warn";

/// Settings on the command line. They are texts here, so that every source is checked by the same rules and answers
/// with the same sentences.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Flags {
    /// Where to listen for browsers [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// The folder of the database and of anteroom.toml [default: the current one]
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    /// The configuration file, where it is not DIR/anteroom.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where people open it from outside, such as <https://meet.example.com>
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Where sound and picture arrive, UDP and TCP [default: one port above --listen]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub media_listen: Option<String>,
    /// The addresses that browsers send sound and picture to, where they are not those of --media-listen
    #[arg(long, value_name = "IP,…")]
    pub media_advertise: Option<String>,
}

impl Flags {
    fn layer(&self) -> Layer {
        [
            (Setting::Listen, "--listen", &self.listen),
            (Setting::Data, "--data", &self.data),
            (Setting::PublicUrl, "--public-url", &self.public_url),
            (Setting::MediaListen, "--media-listen", &self.media_listen),
            (Setting::MediaAdvertise, "--media-advertise", &self.media_advertise),
        ]
        .into_iter()
        .filter_map(|(setting, flag, text)| {
            Some((
                setting,
                Given {
                    text: text.clone()?,
                    source: Source::Flag(flag),
                },
            ))
        })
        .collect()
    }
}

/// The configuration, and where each of its values came from.
#[derive(Clone, Debug)]
pub struct Effective {
    pub config: Config,
    pub sources: BTreeMap<Setting, Source>,
    /// The file that was read, if there is one.
    pub file: Option<PathBuf>,
}

pub fn load(flags: &Flags, variables: &[(String, String)]) -> Result<Effective, ConfigError> {
    let mut problems = Vec::new();
    let over = {
        let mut layer = environment::read(variables, &mut problems);
        layer.extend(flags.layer());
        layer
    };
    let (file, mut layer) = read_file(flags, variables, &over, &mut problems);
    layer.extend(over);
    let mut taken = Taken {
        layer,
        sources: BTreeMap::new(),
        problems,
    };
    let config = taken.config();
    match taken.problems {
        problems if problems.is_empty() => Ok(Effective {
            config,
            sources: taken.sources,
            file,
        }),
        problems => Err(ConfigError(problems)),
    }
}

/// The file that was asked for must be there; the one in the data folder may.
fn read_file(
    flags: &Flags,
    variables: &[(String, String)],
    over: &Layer,
    problems: &mut Vec<Problem>,
) -> (Option<PathBuf>, Layer) {
    let named = || {
        let (_, path) = variables
            .iter()
            .find(|(name, path)| name == environment::CONFIG && !path.trim().is_empty())?;
        Some(PathBuf::from(path))
    };
    let asked = flags.config.clone().or_else(named);
    let is_asked = asked.is_some();
    let path = asked.unwrap_or_else(|| {
        let data = over.get(&Setting::Data).map_or("", |given| given.text.trim());
        Path::new(data).join(FILE)
    });
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let layer = file::read(&path, &text, problems);
            (Some(path), layer)
        }
        Err(error) if error.kind() == ErrorKind::NotFound && !is_asked => (None, Layer::new()),
        Err(source) => {
            problems.push(Problem::Unreadable { path, source });
            (None, Layer::new())
        }
    }
}

/// The layers laid over one another, as values are taken out of them.
struct Taken {
    layer: Layer,
    sources: BTreeMap<Setting, Source>,
    problems: Vec<Problem>,
}

impl Taken {
    fn config(&mut self) -> Config {
        let listen = self.take(Setting::Listen, value::address);
        let listen = listen.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)));
        let branding = Branding::default();
        Config {
            listen,
            data: self
                .take(Setting::Data, value::path)
                .unwrap_or_else(|| PathBuf::from(".")),
            public_url: self.take(Setting::PublicUrl, value::origin),
            client_address_header: self.take(Setting::ClientAddressHeader, value::header),
            media: self.media(listen),
            organisation: Organisation {
                name: self
                    .take(Setting::OrganisationName, value::name)
                    .unwrap_or(branding.organisation),
                accent: self
                    .take(Setting::OrganisationAccent, |given| given.text.parse().ok())
                    .unwrap_or(branding.accent),
                logo: self.take(Setting::OrganisationLogo, value::logo),
                contact: Contact {
                    phone: self.take(Setting::OrganisationPhone, value::phone).unwrap_or_default(),
                    email: self.take(Setting::OrganisationEmail, value::email).unwrap_or_default(),
                    address: String::new(),
                },
                privacy_url: self.take(Setting::OrganisationPrivacyUrl, value::page),
                imprint_url: self.take(Setting::OrganisationImprintUrl, value::page),
            },
            teams: self.teams(),
            log: LogConfig {
                filter: self
                    .take(Setting::LogFilter, value::filter)
                    .unwrap_or_else(|| FILTER.to_owned()),
                format: self.take(Setting::LogFormat, value::format).unwrap_or(LogFormat::Text),
            },
        }
    }

    fn media(&mut self, listen: SocketAddr) -> MediaConfig {
        // The engine listens for TCP as well: on one address, one port can't be both's.
        let is_free = |address: &SocketAddr| {
            let clashes = address.ip() == listen.ip() || address.ip().is_unspecified() || listen.ip().is_unspecified();
            address.port() == 0 || address.port() != listen.port() || !clashes
        };
        let given = self.take(Setting::MediaListen, |given| value::address(given).filter(is_free));
        if given.is_none() {
            self.sources
                .insert(Setting::MediaListen, Source::Derived("one port above `listen`"));
        }
        MediaConfig {
            listen: given.unwrap_or_else(|| SocketAddr::new(listen.ip(), media_port(listen.port()))),
            advertise: self.advertise(),
        }
    }

    fn teams(&mut self) -> TeamsConfig {
        let default = TeamsConfig::default();
        TeamsConfig {
            connection_string: self.take(Setting::TeamsConnectionString, teams::hidden),
            endpoint: self.take(Setting::TeamsEndpoint, teams::outside),
            tenant: self.take(Setting::TeamsTenant, teams::guid),
            client_id: self.take(Setting::TeamsClientId, teams::guid),
            client_secret: self.take(Setting::TeamsClientSecret, teams::hidden),
            certificate: self.take(Setting::TeamsCertificate, teams::file),
            managed_identity: self.switch(Setting::TeamsManagedIdentity),
            graph: self.switch(Setting::TeamsGraph),
            scope: self.take(Setting::TeamsScope, teams::scope).unwrap_or(default.scope),
            api_version: self
                .take(Setting::TeamsApiVersion, teams::version)
                .unwrap_or(default.api_version),
            chat: self.switch(Setting::TeamsChat),
            webinars: self.switch(Setting::TeamsWebinars),
            client: self.take(Setting::TeamsClient, value::path),
            minute_price: self
                .take(Setting::TeamsMinutePrice, teams::price)
                .unwrap_or(default.minute_price),
            message_price: self
                .take(Setting::TeamsMessagePrice, teams::price)
                .unwrap_or(default.message_price),
            currency: self
                .take(Setting::TeamsCurrency, teams::currency)
                .unwrap_or(default.currency),
            login_url: self.take(Setting::TeamsLoginUrl, teams::outside).or(default.login_url),
            graph_url: self.take(Setting::TeamsGraphUrl, teams::outside).or(default.graph_url),
            connect: self.take(Setting::TeamsConnect, teams::sources).unwrap_or_default(),
        }
    }

    fn switch(&mut self, setting: Setting) -> bool {
        self.take(setting, teams::switch).unwrap_or_default()
    }

    fn advertise(&mut self) -> Vec<IpAddr> {
        self.take(Setting::MediaAdvertise, value::addresses).unwrap_or_default()
    }

    fn take<T>(&mut self, setting: Setting, parse: impl FnOnce(&Given) -> Option<T>) -> Option<T> {
        let Some(given) = self.layer.remove(&setting) else {
            self.sources.insert(setting, Source::Default);
            return None;
        };
        let value = parse(&given);
        if value.is_none() {
            self.problems.push(Problem::Value {
                key: setting.key(),
                value: if setting.is_secret() {
                    "…".to_owned()
                } else {
                    given.text
                },
                place: given.source.clone(),
                allowed: setting.allowed(),
            });
        }
        self.sources.insert(setting, given.source);
        value
    }
}

/// One above; where the system chooses the one, it chooses the other.
fn media_port(listen: u16) -> u16 {
    match listen {
        0 => 0,
        u16::MAX => u16::MAX - 1,
        port => port + 1,
    }
}

#[cfg(test)]
mod tests;
