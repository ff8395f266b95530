use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anteroom_app::branding::Branding;
use anteroom_app::paths;
use anteroom_domain::time::Zone;
use anteroom_service::port::Clock as _;
use tokio_util::sync::CancellationToken;

use super::database::{self, Lock, make_file, make_folder};
use crate::commands::{Failure, block_on, configuration, say};
use crate::config::{Config, Effective, Flags, MediaConfig, Setting, Source};
use crate::connections::ConnectionLimits;
use crate::demo::{self, DemoAccounts};
use crate::descriptors;
use crate::logging;
use crate::serve::{Plan, Server};
use crate::system::{self, SystemClock, SystemEntropy};
use crate::teams::{Teams, build, client_folder, is_to_be_built, is_wanted};

#[derive(Debug, Default, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub flags: Flags,
    /// Run a made-up bank to try things with, in a database of its own that starts afresh each time
    #[arg(long)]
    pub demo: bool,
}

/// What a person is told when the server is up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    pub url: String,
    /// For the first administrator, where there is none yet.
    pub setup_code: Option<String>,
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let effective = configuration(&args.flags)?;
    logging::start(&effective.config.log)?;
    for warning in effective.warnings() {
        tracing::warn!("{warning}");
    }
    make_folder(&effective.config.data)?;
    let file = if args.demo { demo::FILE } else { database::FILE };
    let database = effective.config.data.join(file);
    let _lock = Lock::take(&database)?;
    if !args.demo {
        make_file(&database)?;
    }
    let teams = teams(&effective.config);
    block_on(async {
        let demo = if args.demo { Some(seed(&database).await?) } else { None };
        let server = Server::bind(
            plan(&effective, database, args.demo, teams),
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
        );
        let server = server.await?;
        let setup_code = server.setup_code.as_ref().map(|code| code.reveal().to_owned());
        say(&announcement(
            &Ready {
                url: server.url.clone(),
                setup_code,
            },
            demo.as_ref(),
        ));
        Ok(server.run(stop_on_signal()?).await?)
    })
}

/// Teams as it is set up here. Where the module that joins is missing, or of another version, it is built
/// first.
fn teams(config: &Config) -> Teams {
    let folder = client_folder(config);
    if is_wanted(&config.teams) && is_to_be_built(&folder) {
        say("Building the module that joins Teams: this happens once for each version, and takes a minute or two.\n");
        if let Err(error) = build(&folder) {
            tracing::error!(%error, "the module that joins Teams could not be built");
        }
    }
    let teams = Teams::set_up(&config.teams, &folder, Arc::new(SystemClock), Arc::new(SystemEntropy));
    if is_wanted(&config.teams)
        && let Some(why) = &teams.rules.offer.why_off
    {
        tracing::warn!("{why}");
    }
    teams
}

async fn seed(database: &std::path::Path) -> Result<DemoAccounts, Failure> {
    let store = demo::open_fresh(database).await?;
    let now = SystemClock.now();
    let accounts = demo::seed(Arc::new(store.clone()), Arc::new(SystemEntropy), now, demo::SEED).await?;
    store.close().await;
    Ok(accounts)
}

fn plan(effective: &Effective, database: std::path::PathBuf, demo: bool, teams: Teams) -> Plan {
    let config = effective.config.clone();
    let is_named = effective
        .sources
        .get(&Setting::OrganisationName)
        .is_some_and(|source| *source != Source::Default);
    let organisation = if demo && !is_named {
        demo::ORGANISATION.to_owned()
    } else {
        config.organisation.name.clone()
    };
    let is_given = |setting| {
        let source = effective.sources.get(&setting);
        source.is_some_and(|source| !matches!(source, Source::Default | Source::Derived(_)))
    };
    let meeting = if demo && !is_given(Setting::MediaListen) && !is_given(Setting::MediaAdvertise) {
        tried_out(&config.media)
    } else {
        config.media.clone()
    };
    let (mut limits, mut media) = (ConnectionLimits::default(), anteroom_sfu::Limits::default());
    descriptors::share(descriptors::raise(), &mut limits, &mut media);
    Plan {
        listen: config.listen,
        database,
        public_url: config.base(),
        media: anteroom_sfu::Config {
            listen: meeting.listen,
            advertise: advertised(&meeting),
            limits: media,
        },
        branding: Branding {
            organisation,
            accent: config.organisation.accent,
            logo_url: config.organisation.logo.is_some().then(|| "/logo".to_owned()),
            contact: config.organisation.contact,
            privacy_url: config.organisation.privacy_url.map(String::from),
            imprint_url: config.organisation.imprint_url.map(String::from),
        },
        logo: config.organisation.logo,
        client_address_header: config.client_address_header,
        teams,
        limits,
    }
}

/// Firefox pairs no address of this machine with the loopback, so that whoever tries the demo with it would see and hear
/// nobody: media is offered on the machine's own address as well. Without a network there is none, and nothing changes.
fn tried_out(media: &MediaConfig) -> MediaConfig {
    let loopback = media.listen.ip();
    match system::outward_address(false) {
        Some(own) if loopback.is_loopback() && loopback.is_ipv4() => MediaConfig {
            listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, media.listen.port())),
            advertise: vec![own, loopback],
        },
        _ => media.clone(),
    }
}

/// A wildcard is no address to send to: without a word from the operator it is the one by which this machine reaches
/// others.
pub(super) fn advertised(media: &MediaConfig) -> Vec<IpAddr> {
    if media.advertise.is_empty() && media.listen.ip().is_unspecified() {
        return system::outward_address(media.listen.is_ipv6()).into_iter().collect();
    }
    media.advertise.clone()
}

/// Fires at the first request to stop; a second one does not wait any longer.
pub(super) fn stop_on_signal() -> std::io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let asked = stop.clone();
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::spawn(async move {
        loop {
            #[cfg(unix)]
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            #[cfg(not(unix))]
            let _ = tokio::signal::ctrl_c().await;
            if asked.is_cancelled() {
                tracing::warn!("asked to stop a second time: what is under way is dropped");
                std::process::exit(1);
            }
            tracing::info!("asked to stop: finishing what is under way");
            asked.cancel();
        }
    });
    Ok(stop)
}

/// What to open, and how to get in.
fn announcement(ready: &Ready, demo: Option<&DemoAccounts>) -> String {
    let mut text = String::new();
    // Writing to a string can't fail.
    let _ = writeln!(text, "Anteroom is ready at {}", ready.url);
    if let Some(code) = &ready.setup_code {
        let _ = writeln!(
            text,
            "\nThere is no administrator yet. Open {}{} and enter this code, which is good until the server stops:\n\n    \
             {code}",
            ready.url,
            paths::SET_UP
        );
    }
    if let Some(demo) = demo {
        let _ = writeln!(
            text,
            "\nThis is the demo of a bank. It starts afresh each time: what you do in it is gone after the next start. Sign in as one of these:\n"
        );
        let widest = demo
            .accounts
            .iter()
            .map(|account| account.email.chars().count())
            .max()
            .unwrap_or(0);
        for account in &demo.accounts {
            let (role, email, password, name) = (
                account.role.into_str(),
                &account.email,
                &account.password,
                &account.name,
            );
            let place = account.branch.as_deref().unwrap_or("all branches");
            let _ = writeln!(text, "{role:<7} {email:<widest$}  {password}  ({name}, {place})");
        }
        if let Some(next) = &demo.next {
            let zone = next.zone.parse().unwrap_or_else(|_| Zone::utc());
            let at = zone.at(next.starts_at);
            let _ = writeln!(
                text,
                "\nAt {} ({zone}, as Today shows it) {} meets {} about \"{}\". The guest's link, for another browser:\n\nguest   {}{}",
                at.strftime("%H:%M"),
                next.host,
                next.guest,
                next.service,
                ready.url,
                paths::invitation(next.link.reveal())
            );
        }
    }
    text.push_str("\nPress Ctrl+C to stop.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use anteroom_domain::account::AccountRole;
    use anteroom_service::Secret;
    use anteroom_service::port::SeededEntropy;

    fn ready(setup_code: Option<&str>) -> Ready {
        Ready {
            url: "http://localhost:3000".into(),
            setup_code: setup_code.map(str::to_owned),
        }
    }

    #[test]
    fn a_first_start_says_where_the_code_goes() {
        let text = announcement(&ready(Some("c0de")), None);
        assert!(
            text.starts_with("Anteroom is ready at http://localhost:3000\n"),
            "{text}"
        );
        assert!(
            text.contains("Open http://localhost:3000/setup and enter this code"),
            "{text}"
        );
        assert!(text.contains("\n    c0de\n"), "{text}");
        assert!(!announcement(&ready(None), None).contains("administrator"));
    }

    #[test]
    fn a_demo_prints_who_can_sign_in_and_the_next_guests_link() {
        let link = Secret::draw(&SeededEntropy::new(1));
        let path = format!("guest   http://localhost:3000/j/{}", link.reveal());
        let demo = DemoAccounts {
            accounts: vec![demo::DemoAccount {
                role: AccountRole::Clerk,
                name: "Anna Keller".into(),
                email: "anna.keller@example.org".into(),
                password: "abcd-efgh-jkmn".into(),
                branch: Some("Zürich".into()),
            }],
            next: Some(demo::NextConsultation {
                service: "Mortgage advice",
                guest: "Reto Ammann",
                host: "Anna Keller",
                starts_at: "2027-03-10T13:25:00Z".parse().unwrap(),
                zone: "Europe/Zurich",
                link,
            }),
        };
        let text = announcement(&ready(None), Some(&demo));
        assert!(
            text.contains("\nclerk   anna.keller@example.org  abcd-efgh-jkmn  (Anna Keller, Zürich)\n"),
            "{text}"
        );
        assert!(
            text.contains("At 14:25 (Europe/Zurich, as Today shows it) Anna Keller meets Reto Ammann"),
            "{text}"
        );
        assert!(text.lines().any(|line| line == path), "{text}");
    }
}
