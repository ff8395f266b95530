//! The real binary's `doctor`: on a new machine, beside a running server, and where things are wrong.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::support::{TestApp, database};

/// Whether nothing has to be put right, and what was said.
fn doctor(data: &Path, settings: &[(&str, String)]) -> (bool, String) {
    let settings = settings.iter().map(|(name, value)| (*name, value.as_str()));
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_anteroom"))
        .arg("doctor")
        .arg("--data")
        .arg(data)
        .env_clear()
        .envs(settings)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8(stdout).unwrap();
    let failed = String::from_utf8(stderr).unwrap();
    assert!(!failed.contains("panicked"), "{said}{failed}");
    assert_eq!(
        status.code(),
        Some(i32::from(said.contains("FAILED"))),
        "{said}{failed}"
    );
    (status.success(), said)
}

/// Lines by their grade, what they are about, and a part of the rest.
#[track_caller]
fn says(said: &str, lines: &[(&str, &str, &str)]) {
    for (grade, what, part) in lines {
        let beginning = format!("{grade:<7} {what}: ");
        let is_said = |line: &str| line.starts_with(&beginning) && line.contains(part);
        assert!(said.lines().any(is_said), "not said: {beginning}…{part}\n{said}");
    }
}

/// Ports that nobody has.
pub fn free<const COUNT: usize>() -> [SocketAddr; COUNT] {
    let held = [(); COUNT].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    held.map(|port| port.local_addr().unwrap())
}

#[test]
fn on_a_new_machine_everything_is_looked_at_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let [web, media] = free();
    let settings = [
        ("ANTEROOM_LISTEN", web.to_string()),
        ("ANTEROOM_MEDIA_LISTEN", media.to_string()),
    ];
    let (good, said) = doctor(&folder.path().join("data"), &settings);
    assert!(good, "{said}");
    says(
        &said,
        &[
            ("ok", "configuration", "makes sense"),
            ("ok", "web port", ""),
            ("ok", "media port", ""),
            ("ok", "public address", "`public_url` is not set"),
            (
                "warning",
                "media addresses",
                "browsers are told to send to 127.0.0.1: no guest on another machine",
            ),
            ("ok", "clock", ""),
            ("warning", "data folder", ""),
            ("warning", "database", "there is none"),
            ("ok", "time zones", "rules of version 20"),
            ("ok", "Teams", "is not set up"),
        ],
    );
    assert!(said.contains(" file descriptors: "), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_running_server_all_is_well_and_nothing_is_touched() {
    let [media, other] = free();
    let app = TestApp::start_with(|plan| plan.media.listen = media).await;
    let mut anna = app.anna().await;
    app.book(&mut anna, &app.form("10:00")).await;
    let before = database::everything(&app.database()).await;
    let address = app.address;
    let settings = |media: SocketAddr| {
        [
            ("ANTEROOM_LISTEN", address.to_string()),
            ("ANTEROOM_MEDIA_LISTEN", media.to_string()),
            ("ANTEROOM_PUBLIC_URL", format!("http://{address}")),
        ]
    };
    let ask = |media: SocketAddr| {
        let (data, settings) = (app.folder.path().to_owned(), settings(media));
        tokio::task::spawn_blocking(move || doctor(&data, &settings))
    };
    let (good, said) = ask(media).await.unwrap();
    assert!(good, "{said}");
    says(
        &said,
        &[
            ("ok", "web port", "Anteroom answers on 127.0.0.1:"),
            ("ok", "media port", "taken, for UDP and TCP, as it should be"),
            ("ok", "public address", "and it is Anteroom"),
            // It is this machine's own that answered.
            ("ok", "clock", "It was not compared"),
            ("ok", "data folder", "can be written"),
            ("ok", "database", "is sound and of this version"),
        ],
    );
    for private in ["Zebedee", "quillfeather", "anna@"] {
        assert!(!said.contains(private), "{said}");
    }
    let (good, said) = ask(other).await.unwrap();
    assert!(good, "{said}");
    says(&said, &[("warning", "media port", "other settings than these")]);
    assert_eq!(database::everything(&app.database()).await, before);
    app.finish().await;
}

#[test]
fn whatever_is_wrong_is_told_in_one_go() {
    let folder = tempfile::tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    std::fs::write(folder.path().join("anteroom.db"), "a letter to the bank").unwrap();
    // Whoever asks is told that nobody is at home.
    std::thread::spawn({
        let other = other.try_clone().unwrap();
        move || other.incoming().for_each(drop)
    });
    let settings = [
        ("ANTEROOM_LISTEN", other.local_addr().unwrap().to_string()),
        ("ANTEROOM_MEDIA_LISTEN", "192.0.2.1:3001".to_owned()),
        ("ANTEROOM_PUBLIC_URL", "https://nowhere.invalid".to_owned()),
    ];
    let (good, said) = doctor(folder.path(), &settings);
    assert!(!good, "{said}");
    says(
        &said,
        &[
            ("warning", "configuration", "`client_address_header` is not set"),
            ("FAILED", "web port", "is taken by another program"),
            ("FAILED", "media port", "is at no address of this machine"),
            ("FAILED", "public address", "the name nowhere.invalid has no address"),
            ("FAILED", "database", "is damaged"),
        ],
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn without_a_configuration_nothing_else_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let (good, said) = doctor(folder.path(), &[("ANTEROOM_LISTEN", "everywhere".to_owned())]);
    assert!(!good && said.lines().count() == 1, "{said}");
    says(
        &said,
        &[("FAILED", "configuration", "`listen` is \"everywhere\", but should be")],
    );
}
