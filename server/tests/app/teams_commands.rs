//! The real binary's `doctor` where Teams is set up, and `teams try`, against an emulator of Microsoft's services that fails on demand.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::process::{Command, Output, Stdio};

use anteroom_emulator::{AccessPolicy, Cloud, Emulator, Fault, Handle, Operation, Options, TenantChange};
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::seat::{FromServer, SeatToken};
use jiff::SignedDuration;

use super::doctor::free;
use super::support::{Client, Seat};

const LINK: &str = "https://teams.microsoft.com/l/meetup-join/19%3Ameeting_Abc%40thread.v2/0?context=%7B%22Tid%22%3A%2272f988bf-86f1-41af-91ab-2d7cd011db47%22%2C%22Oid%22%3A%222c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001%22%7D";
const SOMEBODY: &str = "a17e0000-0000-4000-8000-00000000dead";

/// An operator's machine, with a module that joins, and Microsoft.
struct Desk {
    microsoft: Handle,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self::with(Options::default())
    }

    fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.js"), "export {}").unwrap();
        let manifest = r#"{"entry":"main.js","files":[{"name":"main.js"}]}"#;
        std::fs::write(folder.path().join("manifest.json"), manifest).unwrap();
        Self {
            microsoft: Emulator::start(options).unwrap(),
            folder,
        }
    }

    /// Nothing of the machine that runs the test is set.
    fn anteroom(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anteroom"));
        command
            .args(arguments)
            .env_clear()
            .env("ANTEROOM_DATA", self.folder.path().join("data"))
            .env("ANTEROOM_TEAMS_CLIENT", self.folder.path())
            .env("ANTEROOM_TEAMS_LOGIN_URL", self.microsoft.url())
            .env("ANTEROOM_TEAMS_GRAPH_URL", self.microsoft.url())
            .envs(settings.iter().copied())
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    fn with_key(&self) -> Vec<(&'static str, String)> {
        vec![("ANTEROOM_TEAMS_CONNECTION_STRING", self.microsoft.connection_string())]
    }

    /// The endpoint, and an application that is registered.
    fn registered(&self) -> Vec<(&'static str, String)> {
        vec![
            ("ANTEROOM_TEAMS_ENDPOINT", self.microsoft.url()),
            ("ANTEROOM_TEAMS_TENANT", Options::TENANT_ID.to_owned()),
            ("ANTEROOM_TEAMS_CLIENT_ID", Options::CLIENT_ID.to_owned()),
            ("ANTEROOM_TEAMS_CLIENT_SECRET", Options::CLIENT_SECRET.to_owned()),
            ("ANTEROOM_TEAMS_GRAPH", "on".to_owned()),
        ]
    }

    /// Whether nothing has to be put right, and what was said.
    fn doctor(&self, settings: &[(&'static str, String)]) -> (bool, String) {
        self.says(&["doctor", "teams", "--host", Options::USER], settings)
    }

    fn says(&self, arguments: &[&str], settings: &[(&'static str, String)]) -> (bool, String) {
        let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let Output { status, stdout, stderr } = self.anteroom(arguments, &settings).output().unwrap();
        let said = String::from_utf8(stdout).unwrap();
        let failed = String::from_utf8(stderr).unwrap();
        assert!(!failed.contains("panicked"), "{said}{failed}");
        (status.success(), said)
    }
}

fn changed(settings: Vec<(&'static str, String)>, name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut settings: Vec<_> = settings.into_iter().filter(|(known, _)| *known != name).collect();
    settings.push((name, value.to_owned()));
    settings
}

#[test]
fn a_doctor_tries_what_guests_will_need_and_leaves_nothing_behind() {
    let desk = Desk::new();
    let (good, said) = desk.doctor(&desk.with_key());
    assert!(good && said.contains("a token for voip."), "{said}");
    let settings = changed(desk.registered(), "ANTEROOM_TEAMS_CHAT", "on");
    let (good, said) = desk.doctor(&settings);
    assert!(
        good && said.contains("a token for voip and chat.join.limited."),
        "{said}"
    );
    assert!(said.contains("may make meetings in the name of this host"), "{said}");
    let seen = desk.microsoft.inspect();
    assert_eq!(seen.identities[1].tokens[0].scopes, ["voip", "chat.join.limited"]);
    assert_eq!(seen.alive().count(), 0);
    assert!(seen.meetings.iter().all(|meeting| meeting.deleted_at.is_some()));
}

#[test]
fn a_doctor_names_each_mistake_of_an_app_registration_with_its_remedy() {
    let desk = Desk::new();
    for (name, value, code, remedy) in [
        ("ANTEROOM_TEAMS_TENANT", SOMEBODY, "AADSTS90002", "`teams.tenant`"),
        (
            "ANTEROOM_TEAMS_CLIENT_ID",
            SOMEBODY,
            "AADSTS700016",
            "`teams.client_id`",
        ),
        (
            "ANTEROOM_TEAMS_CLIENT_SECRET",
            "wrong",
            "AADSTS7000215",
            "not its Secret ID",
        ),
    ] {
        let (good, said) = desk.doctor(&changed(desk.registered(), name, value));
        assert!(!good && said.contains(code) && said.contains(remedy), "{name}: {said}");
    }
    desk.microsoft.change_tenant(TenantChange {
        secret_expired: Some(true),
        ..TenantChange::default()
    });
    let (good, said) = desk.doctor(&desk.registered());
    assert!(
        !good && said.contains("AADSTS7000222") && said.contains("has expired"),
        "{said}"
    );
}

#[test]
fn a_doctor_says_by_how_much_the_clocks_are_apart() {
    let desk = Desk::new();
    desk.microsoft.set_skew(SignedDuration::from_mins(20));
    let (good, said) = desk.doctor(&desk.with_key());
    assert!(
        !good && said.contains("20 minutes apart, this machine’s is behind"),
        "{said}"
    );
}

#[test]
fn a_doctor_for_everything_asks_microsoft_too_and_tells_no_secret() {
    let desk = Desk::new();
    let [web, media] = free();
    let mut settings = desk.registered();
    settings.push(("ANTEROOM_LISTEN", web.to_string()));
    settings.push(("ANTEROOM_MEDIA_LISTEN", media.to_string()));
    let (good, said) = desk.says(&["doctor"], &settings);
    assert!(good && said.contains("clock: agrees with that of 127.0.0.1"), "{said}");
    assert!(
        said.contains("a token for voip.") && said.contains("was not tried"),
        "{said}"
    );
    assert!(!said.contains(Options::CLIENT_SECRET), "{said}");
    assert_eq!(desk.microsoft.inspect().alive().count(), 0);
    desk.microsoft.set_skew(SignedDuration::from_mins(20));
    let (good, said) = desk.says(&["doctor", "--host", Options::USER], &settings);
    assert!(
        !good && said.contains("FAILED  clock: is 20 minutes behind that of"),
        "{said}"
    );
}

#[test]
fn a_doctor_is_not_taken_in_by_whoever_answers_instead() {
    let desk = Desk::new();
    desk.microsoft.fail(Operation::CreateIdentity, 1, Fault::Html);
    let (good, said) = desk.doctor(&desk.with_key());
    assert!(
        !good && said.contains("a proxy answers instead") && said.contains("may have been made all the same"),
        "{said}"
    );
    desk.microsoft.fail(Operation::DeleteIdentity, 4, Fault::Html);
    let (good, said) = desk.doctor(&desk.with_key());
    assert!(
        !good && said.contains("An identity without a holder stays behind"),
        "{said}"
    );
}

#[test]
fn where_azure_hosts_it_its_own_identity_works_and_is_named_where_it_is_refused() {
    let desk = Desk::new();
    let settings = vec![
        ("ANTEROOM_TEAMS_ENDPOINT", desk.microsoft.url()),
        ("ANTEROOM_TEAMS_MANAGED_IDENTITY", "on".to_owned()),
        ("ANTEROOM_TEAMS_GRAPH", "on".to_owned()),
        ("IDENTITY_ENDPOINT", format!("{}/msi/token", desk.microsoft.url())),
        ("IDENTITY_HEADER", Options::IDENTITY_HEADER.to_owned()),
    ];
    let (good, said) = desk.doctor(&settings);
    assert!(good, "{said}");
    assert_eq!(desk.microsoft.inspect().requests(Operation::ManagedToken), 2);
    desk.microsoft.change_tenant(TenantChange {
        access_policy: Some(AccessPolicy::Users([].into())),
        ..TenantChange::default()
    });
    let (good, said) = desk.doctor(&settings);
    assert!(!good && said.contains("New-CsApplicationAccessPolicy"), "{said}");
    assert!(
        !said.contains("\"\"") && said.contains("application ID of the managed identity"),
        "{said}"
    );
}

#[test]
fn a_resource_of_another_cloud_is_told_as_that() {
    let desk = Desk::with(Options {
        cloud: Cloud::UsGovernment,
        ..Options::default()
    });
    let (good, said) = desk.doctor(&desk.registered());
    assert!(
        !good && said.contains("AADSTS500011") && said.contains("`teams.endpoint`"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_works_on_this_machine_alone_and_deletes_what_it_made_when_it_is_stopped() {
    let desk = Desk::new();
    let connection = desk.microsoft.connection_string();
    let settings = [
        ("ANTEROOM_TEAMS_CONNECTION_STRING", connection.as_str()),
        // Of the server that runs here already.
        ("ANTEROOM_PUBLIC_URL", "https://meet.example.com"),
        ("ANTEROOM_LISTEN", "192.0.2.1:443"),
        ("ANTEROOM_MEDIA_LISTEN", "192.0.2.1:3001"),
    ];
    let mut child = desk
        .anteroom(&["teams", "try", LINK], &settings)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let link = loop {
        let mut line = String::new();
        assert_ne!(out.read_line(&mut line).unwrap(), 0, "it ended before it was ready");
        if line.contains("/j/") {
            break line.trim().to_owned();
        }
    };
    let (origin, secret) = link.split_once("/j/").unwrap();
    let port: u16 = origin.strip_prefix("http://localhost:").unwrap().parse().unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut guest = Client::new(address);
    guest.get(&format!("/j/{secret}")).await.expect(200);
    let body = serde_urlencoded::to_string([("secret", secret), ("name", "Zeb")]).unwrap();
    let reply = guest.post_body("/api/guest/join", &body).await.expect(200);
    let grant: SeatToken = serde_json::from_slice(&reply.body).unwrap();
    let mut seat = Seat::hello(address, &grant.token).await;
    seat.until("credentials for Teams", |message| {
        let FromServer::Credentials { credentials } = message else {
            return None;
        };
        matches!(credentials, Credentials::Teams(_)).then_some(())
    })
    .await;
    assert_eq!(desk.microsoft.inspect().alive().count(), 1);
    // Once more than a moment of bad luck.
    desk.microsoft.fail(Operation::DeleteIdentity, 4, Fault::DropConnection);
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let status = child.wait().unwrap();
    let mut said = String::new();
    out.read_to_string(&mut said).unwrap();
    let mut failed = String::new();
    child.stderr.take().unwrap().read_to_string(&mut failed).unwrap();
    assert!(status.success() && said.contains("is deleted"), "{said}{failed}");
    assert!(!failed.contains("panicked"), "{failed}");
    assert_eq!(desk.microsoft.inspect().alive().count(), 0);
}
