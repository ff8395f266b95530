use std::io::BufRead as _;
use std::sync::Arc;

use anteroom_app::forms::FieldErrors;
use anteroom_domain::account::AccountRole;
use anteroom_domain::time::Zone;
use anteroom_domain::trouble::Trouble;
use anteroom_i18n::Lang;
use anteroom_service::port::{EngineOff, LocalBus};
use anteroom_service::{Chosen, Engines, NewAccount, UseCases};
use anteroom_storage::SqliteStore;

use super::database::{FILE, make_file, make_folder};
use crate::commands::{Failure, block_on, configuration, explain, say};
use crate::config::Flags;
use crate::password;
use crate::system::{self, SystemClock, SystemEntropy};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make an administrator of the whole organisation, and print a password for them
    Create(Create),
}

#[derive(Debug, clap::Args)]
pub struct Create {
    /// What they sign in with
    #[arg(long)]
    email: String,
    /// What they are called
    #[arg(long)]
    name: String,
    /// Their time zone [default: that of this machine]
    #[arg(long, value_name = "AREA/CITY")]
    zone: Option<Zone>,
    /// Read the password from the first line of stdin, instead of making one up
    #[arg(long)]
    password_stdin: bool,
    /// The folder of the database
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// The configuration file, where it is not DIR/anteroom.toml
    #[arg(long, value_name = "FILE")]
    config: Option<std::path::PathBuf>,
}

pub fn run(command: &Command) -> Result<(), Failure> {
    let Command::Create(create) = command;
    let flags = Flags {
        data: create.data.clone(),
        config: create.config.clone(),
        ..Flags::default()
    };
    let data = configuration(&flags)?.config.data;
    let (password, is_new) = if create.password_stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        (line.trim_end_matches(['\r', '\n']).to_owned(), false)
    } else {
        // 79 bits: nobody has to change it before it is safe.
        (password::generate(&SystemEntropy, 4), true)
    };
    let (lang, mut errors) = (Lang::default(), FieldErrors::default());
    let name = errors.take(lang, "name", create.name.parse());
    let email = errors.take(lang, "email", create.email.parse());
    let chosen = errors.take(lang, "password", password.parse());
    let (Some(name), Some(email), Some(chosen)) = (name, email, chosen) else {
        return Err(explain(errors));
    };
    let new = NewAccount {
        chosen: Chosen::ByOwner,
        entra_id: None,
        email,
        name,
        password: chosen,
        role: AccountRole::Admin,
        branch: None,
        zone: create.zone.clone().unwrap_or_else(system::zone),
    };
    let database = data.join(FILE);
    make_folder(&data)?;
    make_file(&database)?;
    block_on(async {
        // A server may be running on it: each of the two waits for the other's transactions.
        let store = SqliteStore::open(&database).await?;
        let use_cases = UseCases::new(
            Arc::new(store.clone()),
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
            Arc::new(LocalBus::default()),
            Engines::builtin(EngineOff { why: Trouble::NoEngine }),
        );
        let made = use_cases.create_account_unasked(new).await;
        store.close().await;
        made.map_err(explain)
    })?;
    say(&format!("{} can sign in now.\n", create.email));
    if is_new {
        say(&format!("Their password, which is not shown again:  {password}\n"));
    }
    Ok(())
}
