use super::*;

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn folder(text: &str) -> (tempfile::TempDir, Flags) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(FILE), text).unwrap();
    let flags = Flags {
        data: Some(folder.path().to_str().unwrap().to_owned()),
        ..Flags::default()
    };
    (folder, flags)
}

fn problems(text: &str, environment: &[(&str, &str)]) -> String {
    let (folder, flags) = folder(text);
    let error = load(&flags, &variables(environment)).unwrap_err().to_string();
    error.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn without_anything_it_is_a_server_for_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let flags = Flags {
        data: Some(folder.path().to_str().unwrap().to_owned()),
        ..Flags::default()
    };
    let effective = load(&flags, &[]).unwrap();
    assert_eq!(effective.config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(effective.config.media.listen.to_string(), "127.0.0.1:3001");
    assert_eq!(effective.config.organisation.name, "Anteroom");
    assert_eq!(effective.config.public_url, None);
    assert_eq!(effective.file, None);
    assert_eq!(effective.warnings(), Vec::<String>::new());
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let (_folder, flags) = folder("listen = '127.0.0.1:1'\n[log]\nfilter = 'debug'\nformat = 'json'");
    let environment = variables(&[
        ("ANTEROOM_LISTEN", "127.0.0.1:2"),
        ("ANTEROOM_LOG_FILTER", "warn"),
        ("PATH", "/bin"),
    ]);
    let with_flag = Flags {
        listen: Some("127.0.0.1:3".into()),
        ..flags.clone()
    };

    let effective = load(&with_flag, &environment).unwrap();
    assert_eq!(effective.config.listen.port(), 3);
    assert_eq!(effective.sources[&Setting::Listen], Source::Flag("--listen"));
    assert_eq!(effective.config.log.filter, "warn");
    assert_eq!(
        effective.sources[&Setting::LogFilter],
        Source::Environment("ANTEROOM_LOG_FILTER".into())
    );
    assert_eq!(effective.config.log.format, LogFormat::Json);
    assert!(matches!(
        &effective.sources[&Setting::LogFormat],
        Source::File { line: 4, .. }
    ));

    assert_eq!(load(&flags, &environment).unwrap().config.listen.port(), 2);
    assert_eq!(load(&flags, &[]).unwrap().config.listen.port(), 1);
}

#[test]
fn the_media_port_follows_the_other_one() {
    let media = |listen: &str| {
        let (_folder, flags) = folder("");
        load(
            &Flags {
                listen: Some(listen.into()),
                ..flags
            },
            &[],
        )
        .unwrap()
        .config
        .media
        .listen
        .to_string()
    };
    assert_eq!(media("0.0.0.0:8080"), "0.0.0.0:8081");
    assert_eq!(media("[::1]:0"), "[::1]:0");
    assert_eq!(media("127.0.0.1:65535"), "127.0.0.1:65534");
    assert_eq!(media("localhost:4000"), "127.0.0.1:4001");
}

#[test]
fn one_port_is_not_for_pages_and_for_media() {
    let (_folder, flags) = folder("listen = '0.0.0.0:3000'\n[media]\nlisten = '127.0.0.1:3000'");
    let error = load(&flags, &[]).unwrap_err().to_string();
    assert!(
        error.contains("`media.listen`") && error.contains("other than `listen`"),
        "{error}"
    );
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest_known_one() {
    assert_eq!(
        problems("listen = '127.0.0.1:3000'\n\n[media]\nadvertize = ['203.0.113.7']", &[]),
        "the configuration has a fault: anteroom.toml, line 4: there is no setting `media.advertize`. Did you mean \
         `media.advertise`?"
    );
    let error = problems("[smtp]\nhost = 'mail.example.com'", &[]);
    assert!(
        error.contains("line 1: there is no setting `smtp`. Known are `listen`, `data`"),
        "{error}"
    );
}

#[test]
fn an_unknown_variable_is_named_with_the_nearest_known_one() {
    assert_eq!(
        problems("", &[("ANTEROOM_LISTN", "127.0.0.1:1")]),
        "the configuration has a fault: environment variable ANTEROOM_LISTN: there is no setting `ANTEROOM_LISTN`. Did \
         you mean `ANTEROOM_LISTEN`?"
    );
}

#[test]
fn variables_of_the_build_and_of_container_platforms_are_not_ours() {
    let (_folder, flags) = folder("");
    let environment = variables(&[
        ("ANTEROOM_SKIP_WEB", "1"),
        ("ANTEROOM_WEB_START", "a.js"),
        ("ANTEROOM_SERVICE_HOST", "10.0.0.1"),
        ("ANTEROOM_PORT", "tcp://10.0.0.1:3000"),
        ("ANTEROOM_PORT_3000_TCP_ADDR", "10.0.0.1"),
        ("ANTEROOM_PUBLIC_URL", ""),
    ]);
    assert_eq!(load(&flags, &environment).unwrap().config.public_url, None);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let text = "listen = 'here'\npublic_url = 'https://x.example/path'\nclient_address_header = 'x forwarded'\n\
        [media]\nadvertise = ['203.0.113.7', 'example.com']\n\
        [organisation]\nname = ' '\naccent = 'teal'\nlogo = 'missing.png'\nemail = 'x'\nprivacy_url = 'ftp://x'\n\
        [log]\nfilter = 'info,=='\nformat = 'xml'";
    let error = problems(text, &[]);
    assert!(error.starts_with("the configuration has 11 faults:\n"), "{error}");
    assert!(
        error.contains("anteroom.toml, line 1: `listen` is \"here\", but should be an address and a port"),
        "{error}"
    );
    assert!(
        error.contains("anteroom.toml, line 14: `log.format` is \"xml\", but should be text or json"),
        "{error}"
    );
    for key in ["public_url", "client_address_header", "media.advertise", "log.filter"] {
        assert!(error.contains(&format!("`{key}` is")), "{key}: {error}");
    }
    for key in [
        "organisation.name",
        "organisation.accent",
        "organisation.logo",
        "organisation.email",
        "organisation.privacy_url",
    ] {
        assert!(error.contains(&format!("`{key}` is")), "{key}: {error}");
    }
}

#[test]
fn the_wrong_kind_of_value_and_no_toml_at_all_are_faults_of_a_line() {
    let error = problems("listen = 3000", &[]);
    assert!(
        error.contains("anteroom.toml, line 1: `listen` is no text, but should be an address"),
        "{error}"
    );
    let error = problems("\nmedia = 'x'", &[]);
    assert!(
        error.contains("anteroom.toml, line 2: `media` holds settings of its own"),
        "{error}"
    );
    let error = problems("listen = '127.0.0.1:1'\nlisten", &[]);
    assert!(error.contains("anteroom.toml, line 2: this is not TOML"), "{error}");
}

#[test]
fn a_file_that_was_asked_for_must_be_there() {
    let flags = Flags {
        config: Some("/nowhere/a.toml".into()),
        ..Flags::default()
    };
    assert!(
        load(&flags, &[])
            .unwrap_err()
            .to_string()
            .contains("/nowhere/a.toml can't be read")
    );
    let environment = variables(&[("ANTEROOM_CONFIG", "/nowhere/b.toml")]);
    assert!(
        load(&Flags::default(), &environment)
            .unwrap_err()
            .to_string()
            .contains("/nowhere/b.toml")
    );
}

#[test]
fn paths_in_the_file_are_meant_from_where_the_file_is() {
    let (folder, _) = folder("data = 'db'\n[organisation]\nlogo = 'logo.svg'");
    std::fs::write(folder.path().join("logo.svg"), "<svg/>").unwrap();
    std::fs::write(folder.path().join("certificate.pem"), "").unwrap();
    std::fs::write(folder.path().join("certificate.pem"), "").unwrap();
    let flags = Flags {
        config: Some(folder.path().join(FILE)),
        ..Flags::default()
    };
    let config = load(&flags, &[]).unwrap().config;
    assert_eq!(config.data, folder.path().join("db"));
    assert_eq!(config.organisation.logo, Some(folder.path().join("logo.svg")));
}

#[test]
fn the_report_names_every_setting_with_its_source() {
    let (folder, flags) = folder("public_url = 'https://meet.example.com/'");
    let effective = load(&flags, &variables(&[("ANTEROOM_LOG_FORMAT", "json")])).unwrap();
    let report = effective.report();
    for setting in Setting::ALL {
        assert!(report.lines().any(|line| line.starts_with(setting.key())), "{report}");
    }
    let line = |key: &str| report.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
    assert!(line("public_url").contains("https://meet.example.com ") && line("public_url").ends_with(", line 1"));
    assert!(line("log.format").ends_with("environment variable ANTEROOM_LOG_FORMAT"));
    assert!(line("media.listen").ends_with("default (one port above `listen`)"));
    assert!(line("data").contains(folder.path().to_str().unwrap()));
    // Published, but the proxy's word is not listened to, and the media engine listens on loopback.
    let warnings = effective.warnings();
    assert_eq!(warnings.len(), 2);
    assert!(warnings[0].contains("`client_address_header`"), "{warnings:?}");
}

#[test]
fn a_proxy_whose_word_is_listened_to_is_no_reason_to_warn() {
    let (_folder, flags) = folder(
        "public_url = 'https://meet.example.com'\nclient_address_header = 'x-real-ip'\n[media]\n\
         listen = '0.0.0.0:3001'\nadvertise = ['203.0.113.9']",
    );
    assert_eq!(load(&flags, &[]).unwrap().warnings(), Vec::<String>::new());
}

#[test]
fn the_example_in_the_repository_is_the_default() {
    let text = include_str!("../../../../anteroom.example.toml");
    let (_folder, flags) = folder(text);
    let empty = {
        let folder = tempfile::tempdir().unwrap();
        load(
            &Flags {
                data: Some(folder.path().to_str().unwrap().to_owned()),
                ..Flags::default()
            },
            &[],
        )
        .unwrap()
    };
    let as_is = load(&flags, &[]).unwrap();
    assert_eq!(
        Config {
            data: PathBuf::new(),
            ..as_is.config
        },
        Config {
            data: PathBuf::new(),
            ..empty.config
        }
    );
    // With every line in use it is still good: each setting is in it, none that there is not.
    let all: String = text
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix("#").unwrap_or(line)))
        .collect();
    let all: String = all
        .lines()
        .filter(|line| !line.starts_with(' '))
        .map(|line| format!("{line}\n"))
        .collect();
    let (folder, flags) = self::folder(&all);
    for named in ["logo.svg", "certificate.pem"] {
        std::fs::write(folder.path().join(named), "").unwrap();
    }
    let in_use = load(
        &Flags {
            data: None,
            config: Some(folder.path().join(FILE)),
            ..flags
        },
        &[],
    )
    .unwrap();
    for setting in Setting::ALL {
        assert!(
            matches!(in_use.sources[&setting], Source::File { .. }),
            "{}",
            setting.key()
        );
    }
}
