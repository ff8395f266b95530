use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anteroom_app::branding::Branding;
use anteroom_app::paths;
use anteroom_app::words::trouble_text;
use anteroom_domain::account::AccountRole;
use anteroom_domain::consultation::ConsultationPlan;
use anteroom_domain::guest::GuestTerms;
use anteroom_domain::organisation::{BranchTerms, Engine, ServiceTerms};
use anteroom_domain::teams::link::MeetingLink;
use anteroom_domain::time::{OpeningHours, Zone};
use anteroom_domain::value::{Buffer, ConsentText, Minutes, Notes, PostalAddress, ValueError};
use anteroom_domain::view::{IdentityState, OutstandingIdentity};
use anteroom_service::port::Clock;
use anteroom_service::{Actor, Chosen, Error, NewAccount, Schedule, Secret, UseCases};
use jiff::{SignedDuration, Timestamp};

use super::database::make_folder;
use super::serve::stop_on_signal;
use crate::commands::{Failure, block_on, configuration, explain, say};
use crate::config::Flags;
use crate::connections::ConnectionLimits;
use crate::logging;
use crate::serve::{Plan, Server};
use crate::system::{self, SystemClock, SystemEntropy};
use crate::teams::{Teams, build, client_folder, is_to_be_built};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Build the module that joins Teams, with Microsoft's Calling SDK from npm (whose licence you accept by that)
    BuildClient(Flags),
    /// Print a page that joins a Teams meeting; needs nothing but a connection string (`ANTEROOM_TEAMS_CONNECTION_STRING`)
    Try(Try),
}

#[derive(Debug, clap::Args)]
pub struct Try {
    /// The meeting's link, or its ID and passcode in quotes
    meeting: String,
    #[command(flatten)]
    flags: Flags,
}

pub fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::BuildClient(flags) => build_client(flags),
        Command::Try(args) => try_meeting(args),
    }
}

fn build_client(flags: &Flags) -> Result<(), Failure> {
    let config = configuration(flags)?.config;
    let folder = client_folder(&config);
    make_folder(&config.data)?;
    build(&folder)?;
    say(&format!("The module that joins Teams is in {}.\n", folder.display()));
    Ok(())
}

/// How long the trial's consultation lasts.
const MINUTES: u16 = 240;

/// A server with one consultation in it, in a database that is thrown away.
fn try_meeting(args: &Try) -> Result<(), Failure> {
    let meeting: MeetingLink = args.meeting.parse()?;
    let effective = configuration(&args.flags)?;
    logging::start(&effective.config.log)?;
    let config = effective.config;
    let folder = Temporary::make()?;
    make_folder(&config.data)?;
    let client = client_folder(&config);
    if is_to_be_built(&client) {
        say("Building the module that joins Teams: this happens once for each version, and takes a minute or two.\n");
        build(&client)?;
    }
    let teams = Teams::set_up(&config.teams, &client, Arc::new(SystemClock), Arc::new(SystemEntropy));
    if let Some(why) = teams.rules.offer.why_off {
        return Err(why.into());
    }
    // Beside a server that runs here, and for this machine alone.
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let plan = Plan {
        listen,
        database: folder.0.join("try.db"),
        public_url: None,
        media: anteroom_sfu::Config {
            listen,
            advertise: Vec::new(),
            limits: anteroom_sfu::Limits::default(),
        },
        branding: Branding::default(),
        logo: None,
        client_address_header: None,
        teams,
        limits: ConnectionLimits::default(),
    };
    block_on(async {
        let clock = Arc::new(Hurrying::default());
        let server = Server::bind(plan, clock.clone(), Arc::new(SystemEntropy)).await?;
        let (admin, link) = seed(server.use_cases(), meeting).await?;
        say(&format!(
            "Open this to join the meeting as a guest:\n\n    {}{}\n\nPress Ctrl+C to stop; then what was made at Microsoft is deleted, and nothing of it is kept here.\n",
            server.url,
            paths::invitation(link.reveal())
        ));
        let use_cases = server.use_cases().clone();
        let mut cleared = Ok(());
        let last = async { cleared = clear(&use_cases, &admin, &clock).await };
        server.run_then(stop_on_signal()?, last).await?;
        cleared
    })
}

/// How often what is left at Microsoft is tried to be deleted, and the pause in between.
const ROUNDS: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);

/// Deletes what was made at Microsoft for those who were here.
async fn clear(use_cases: &UseCases, admin: &Actor, clock: &Hurrying) -> Result<(), Failure> {
    // Nobody comes back: their minute is over now.
    use_cases.disconnect_all().await?;
    for round in 0..ROUNDS {
        clock.hurry();
        use_cases.sweep().await?;
        use_cases.run_due_jobs().await?;
        if left(use_cases, admin).await?.iter().all(is_unsure) {
            break;
        }
        if round + 1 < ROUNDS {
            tokio::time::sleep(PAUSE).await;
        }
    }
    let left = left(use_cases, admin).await?;
    let unsure = left.iter().filter(|identity| is_unsure(identity)).count();
    if unsure > 0 {
        say(&format!(
            "{unsure} times Microsoft's answer was lost, so that there may be as many identities whose names nobody knows. They cost nothing, and nobody has their tokens.\n"
        ));
    }
    let why: BTreeSet<_> = left
        .iter()
        .filter(|identity| !is_unsure(identity))
        .map(|identity| identity.last_error.as_ref().map(trouble_text).unwrap_or_default())
        .collect();
    if why.is_empty() {
        say("What was made at Microsoft is deleted.\n");
        return Ok(());
    }
    Err(format!(
        "{} of the identities that were made at Microsoft could not be deleted. Their tokens end within the hour. {}",
        left.len() - unsure,
        why.into_iter().collect::<Vec<_>>().join(" ")
    )
    .into())
}

/// What may still be at Microsoft.
async fn left(use_cases: &UseCases, admin: &Actor) -> Result<Vec<OutstandingIdentity>, Error> {
    Ok(use_cases.teams(admin).await?.outstanding)
}

/// Nobody knows whether it exists, nor its name: it can't be deleted.
fn is_unsure(identity: &OutstandingIdentity) -> bool {
    identity.state == IdentityState::Unsure
}

/// The machine's clock, which goes ahead when a trial ends: what would be waited for is over at once.
#[derive(Default)]
struct Hurrying(AtomicI64);

impl Hurrying {
    fn hurry(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Clock for Hurrying {
    fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_hours(self.0.load(Ordering::Relaxed));
        SystemClock.now().saturating_add(ahead).unwrap_or(Timestamp::MAX)
    }
}

/// An organisation of one, whose consultation is now.
async fn seed(use_cases: &UseCases, meeting: MeetingLink) -> Result<(Actor, Secret), Failure> {
    let zone = system::zone();
    let account = |email: &str, role, branch| {
        Ok::<_, ValueError>(NewAccount {
            chosen: Chosen::ByOwner,
            entra_id: None,
            email: email.parse()?,
            name: "The host".parse()?,
            password: crate::password::generate(&SystemEntropy, 6).parse()?,
            role,
            branch,
            zone: zone.clone(),
        })
    };
    let admin = account("trial@localhost.example", AccountRole::Admin, None)?;
    let admin = use_cases.set_up(admin).await.map_err(explain)?;
    let branch = BranchTerms {
        name: "Trial".parse()?,
        zone: zone.clone(),
        hours: OpeningHours {
            opens: 0,
            closes: 24 * 60 - 1,
        },
        phone: None,
        email: None,
        address: PostalAddress::default(),
    };
    let branch = use_cases.add_branch(&admin, branch).await.map_err(explain)?;
    let service = ServiceTerms {
        branch,
        name: "Teams meeting".parse()?,
        minutes: Minutes::new(MINUTES)?,
        buffer_before: Buffer::default(),
        buffer_after: Buffer::default(),
        engine: Engine::Teams,
        admit_first: false,
        consent: ConsentText::default(),
        active: true,
    };
    let service = use_cases.add_service(&admin, service).await.map_err(explain)?;
    let host = account("host@localhost.example", AccountRole::Clerk, Some(branch))?;
    let host = use_cases.create_account(&admin, host).await.map_err(explain)?;
    let plan = ConsultationPlan {
        service,
        host,
        starts_at: SystemClock.now(),
        length: None,
        zone: Zone::utc(),
        notes: Notes::default(),
        engine: None,
        meeting: Some(meeting),
        webinar: false,
    };
    let guest = GuestTerms {
        name: "Guest".parse()?,
        email: Some("guest@localhost.example".parse()?),
        phone: None,
        language: "en".parse()?,
        zone: None,
    };
    let scheduled = use_cases.schedule(&admin, Schedule { plan, guest }).await;
    Ok((admin, scheduled.map_err(explain)?.link))
}

/// Gone with its content when dropped.
struct Temporary(PathBuf);

impl Temporary {
    fn make() -> Result<Self, Failure> {
        let name = format!("anteroom-try-{}", crate::password::generate(&SystemEntropy, 3));
        let path = std::env::temp_dir().join(name);
        make_folder(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What can't be removed is in the system's temporary folder, readable by nobody else.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
