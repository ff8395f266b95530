use std::path::PathBuf;
use std::sync::Arc;

use anteroom_app::branding::Branding;
use anteroom_app::paths;
use anteroom_domain::account::AccountRole;
use anteroom_domain::form::{ConsultationForm, FieldErrors};
use anteroom_domain::organisation_form::{BranchForm, ServiceForm};
use anteroom_domain::teams::link::Meeting;
use anteroom_service::port::Clock as _;
use anteroom_service::{Error, NewAccount, Secret};

use super::database::make_folder;
use super::serve::stop_on_signal;
use crate::cli::{Failure, block_on, configuration, say};
use crate::config::Flags;
use crate::connections::Limits;
use crate::logging;
use crate::serve::{Plan, Server};
use crate::system::{self, SystemClock, SystemEntropy};
use crate::teams::{ClientError, Teams, TeamsClient, build, client_folder};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Build the module that joins Teams, with Microsoft's Calling SDK from npm (whose licence you accept by that)
    BuildClient(Flags),
    /// Print a page that joins a Teams meeting; needs nothing but a connection string (ANTEROOM_TEAMS_CONNECTION_STRING)
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
    let meeting: Meeting = args.meeting.parse()?;
    let effective = configuration(&args.flags)?;
    logging::start(&effective.config.log)?;
    let config = effective.config;
    let folder = Temporary::make()?;
    make_folder(&config.data)?;
    let client = client_folder(&config);
    if matches!(TeamsClient::open(&client), Err(ClientError::Missing(_))) {
        say("Building the module that joins Teams: this happens once, and takes a minute or two.\n");
        build(&client)?;
    }
    let teams = Teams::set_up(&config.teams, &client, Arc::new(SystemClock), Arc::new(SystemEntropy));
    if !teams.rules.offer.on {
        return Err(teams.rules.offer.why_off.into());
    }
    let plan = Plan {
        listen: config.listen,
        database: folder.0.join("try.db"),
        public_url: config.base(),
        media: anteroom_sfu::Config {
            listen: config.media.listen,
            advertise: config.media.advertise.clone(),
            limits: anteroom_sfu::Limits::default(),
        },
        branding: Branding::default(),
        logo: None,
        client_address_header: None,
        teams,
        limits: Limits::default(),
    };
    block_on(async {
        let server = Server::bind(plan, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
        let link = furnish(server.services(), &meeting).await.map_err(told)?;
        say(&format!(
            "Open this to join the meeting as a guest:\n\n    {}{}\n\nNothing of it is kept. Press Ctrl+C to stop.\n",
            server.url,
            paths::invitation(link.reveal())
        ));
        Ok(server.run(stop_on_signal()?).await?)
    })
}

/// An organisation of one, whose consultation is now.
async fn furnish(services: &anteroom_service::Services, meeting: &Meeting) -> Result<Secret, Error> {
    let zone = system::zone();
    let admin = services
        .set_up(NewAccount {
            entra_id: String::new(),
            email: "trial@localhost.example".to_owned(),
            name: "The host".to_owned(),
            password: crate::password::generate(&SystemEntropy, 6),
            role: AccountRole::Admin,
            branch: None,
            zone: zone.clone(),
        })
        .await?;
    let branch = BranchForm {
        name: "Trial".to_owned(),
        zone: zone.to_string(),
        opens: "00:00".to_owned(),
        closes: "23:59".to_owned(),
    };
    let branch = services.add_branch(&admin, &branch).await?;
    let service = ServiceForm {
        branch: branch.to_string(),
        name: "Teams meeting".to_owned(),
        minutes: MINUTES.to_string(),
        engine: "teams".to_owned(),
        active: "on".to_owned(),
        ..ServiceForm::default()
    };
    let service = services.add_service(&admin, &service).await?;
    let host = NewAccount {
        entra_id: String::new(),
        email: "host@localhost.example".to_owned(),
        name: "The host".to_owned(),
        password: crate::password::generate(&SystemEntropy, 6),
        role: AccountRole::Clerk,
        branch: Some(branch),
        zone,
    };
    let host = services.create_account(&admin, host).await?;
    let now = anteroom_domain::time::Zone::utc().at(SystemClock.now() + jiff::SignedDuration::from_mins(1));
    let form = ConsultationForm {
        service: service.to_string(),
        guest_name: "Guest".to_owned(),
        guest_email: "guest@localhost.example".to_owned(),
        guest_language: "en".to_owned(),
        date: now.strftime("%Y-%m-%d").to_string(),
        time: now.strftime("%H:%M").to_string(),
        zone: "UTC".to_owned(),
        minutes: MINUTES.to_string(),
        host: host.to_string(),
        meeting: meeting.to_string(),
        ..ConsultationForm::default()
    };
    Ok(services.schedule(&admin, &form).await?.link)
}

fn told(error: Error) -> Failure {
    match error {
        Error::Invalid(FieldErrors(fields)) => fields.into_values().collect::<Vec<_>>().join(" ").into(),
        error => error.into(),
    }
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
