//! `cargo run -p anteroom-emulator -- --listen 127.0.0.1:18080`

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anteroom_emulator::{Clock, Emulator, Handle, Limits, Options};
use clap::Parser;
use serde_json::json;

/// ACS Identity, Entra's token endpoint and Graph's meetings, on this machine alone and without Azure.
#[derive(Parser)]
#[command(name = "anteroom-emulator")]
struct Arguments {
    /// Loopback address and port; port 0 takes any that is free.
    #[arg(long, default_value = "127.0.0.1:18080")]
    listen: SocketAddr,
    /// The resource's access key, Base64.
    #[arg(long, default_value = Options::ACCESS_KEY)]
    access_key: String,
    #[arg(long, default_value = Options::TENANT_ID)]
    tenant: String,
    #[arg(long, default_value = Options::CLIENT_ID)]
    client_id: String,
    #[arg(long, default_value = Options::CLIENT_SECRET)]
    client_secret: String,
    /// A file with a certificate (PEM) that the client may sign with. May be repeated.
    #[arg(long)]
    certificate: Vec<PathBuf>,
    /// The object id of a person in the tenant. May be repeated.
    #[arg(long, default_value = Options::USER)]
    user: Vec<String>,
    /// Take the published limits divided by this.
    #[arg(long, default_value_t = 1)]
    limits_one_in: usize,
    /// The same seed makes the same ids in the same order. Without it they are of this moment.
    #[arg(long)]
    seed: Option<u64>,
    /// Print what there is to know as one line of JSON.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed stderr leaves nowhere to say it.
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let options = options(arguments)?;
    let emulator = Emulator::start(options.clone())?;
    let text = if arguments.json {
        format!("{}\n", as_json(&emulator, &options))
    } else {
        as_text(&emulator, &options)
    };
    let mut out = std::io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    emulator.wait();
    Ok(())
}

fn options(arguments: &Arguments) -> Result<Options, Box<dyn std::error::Error>> {
    let clock = Clock::system();
    let mut certificates = Vec::new();
    for file in &arguments.certificate {
        let pem =
            std::fs::read_to_string(file).map_err(|error| format!("{} can't be read: {error}", file.display()))?;
        certificates.push(pem);
    }
    let mut options = Options {
        listen: arguments.listen,
        seed: arguments
            .seed
            .unwrap_or_else(|| clock.now().as_microsecond().unsigned_abs()),
        clock,
        access_key: arguments.access_key.clone(),
        tenant_id: arguments.tenant.clone(),
        client_id: arguments.client_id.clone(),
        client_secret: arguments.client_secret.clone(),
        certificates,
        limits: Limits::published().one_in(arguments.limits_one_in),
        ..Options::default()
    };
    options.tenant.users = arguments.user.iter().cloned().collect();
    Ok(options)
}

fn as_json(emulator: &Handle, options: &Options) -> serde_json::Value {
    json!({
        "url": emulator.url(),
        "connectionString": emulator.connection_string(),
        "accessKey": options.access_key,
        "tenantId": options.tenant_id,
        "clientId": options.client_id,
        "clientSecret": options.client_secret,
        "users": options.tenant.users,
    })
}

fn as_text(emulator: &Handle, options: &Options) -> String {
    let users = options.tenant.users.iter().cloned().collect::<Vec<_>>().join(", ");
    let url = emulator.url();
    format!(
        "Azure, as far as Anteroom knows it, on {url}. Reachable from this machine alone; end it with Ctrl+C.

  ACS connection string   {connection}
  tenant                  {tenant}
  client id               {client}
  client secret           {secret}
  object ids of people    {users}

  login      {url}/{tenant}/oauth2/v2.0/token
  managed    {url}/metadata/identity/oauth2/token
  Graph      {url}/v1.0

  curl {url}/_emulator/state    what happened
  crates/emulator/README.md     how to make it fail
",
        connection = emulator.connection_string(),
        tenant = options.tenant_id,
        client = options.client_id,
        secret = options.client_secret,
    )
}
