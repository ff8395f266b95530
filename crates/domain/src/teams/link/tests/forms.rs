use super::{CLASSIC, Cloud, MeetingLink, SHORT, TENANT, percent, read};

#[test]
fn the_case_of_escapes_and_of_hosts_makes_no_difference() {
    let upper = CLASSIC
        .replace("%3a", "%3A")
        .replace("%7b", "%7B")
        .replace("%2c", "%2C")
        .replace("%7d", "%7D");
    assert_ne!(upper, CLASSIC);
    assert_eq!(read(&upper), read(CLASSIC));
    let shouted = CLASSIC.replace("https://teams.microsoft.com", "HTTPS://Teams.Microsoft.COM");
    assert_eq!(read(&shouted), read(CLASSIC));
    let ids = CLASSIC.replace(TENANT, &TENANT.to_uppercase());
    assert_eq!(read(&ids), read(CLASSIC));
    let raw = CLASSIC
        .replace("%3a", ":")
        .replace("%40", "@")
        .replace("%7b", "{")
        .replace("%22", "\"");
    assert_eq!(read(&raw), read(CLASSIC));
    assert_eq!(read(&format!("{CLASSIC}&webjoin=true&unified=true#top")), read(CLASSIC));
    assert_eq!(
        read(&SHORT.replace("teams.microsoft.com", "teams.cloud.microsoft")),
        read(SHORT)
    );
}

#[test]
fn what_is_printed_is_one_exact_text() {
    assert_eq!(
        read(CLASSIC).to_string(),
        "https://teams.microsoft.com/l/meetup-join/19%3Ameeting_NjA3ZDlhMzEtYjYyMi00ZjJiLWE1ZTAtZTc1YjQ5ZTAxMmJi%40thread.v2/0?context=%7B%22Tid%22%3A%2272f988bf-86f1-41af-91ab-2d7cd011db47%22%2C%22Oid%22%3A%222c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001%22%7D"
    );
    assert_eq!(read(SHORT).to_string(), SHORT);
    let government = SHORT.replace("teams.microsoft.com", "gov.teams.microsoft.us");
    assert_eq!(read(&government).to_string(), government);
    assert_eq!(read(&government).cloud(), Cloud::GccHigh);
    assert_eq!(
        read("Meeting ID: 212 345 678 901 23\nPasscode: Ab3cD4").to_string(),
        "21234567890123 / Ab3cD4"
    );
    let stored = serde_json::to_string(&read(CLASSIC)).unwrap();
    assert_eq!(serde_json::from_str::<MeetingLink>(&stored).unwrap(), read(CLASSIC));
    assert!(serde_json::from_str::<MeetingLink>("\"https://evil.example/\"").is_err());
}

#[test]
fn a_whole_invitation_can_be_pasted() {
    let invitation = format!(
        "________________\nMicrosoft Teams Need help? <https://aka.ms/JoinTeamsMeeting?omkt=en-GB>\nJoin the meeting now<{CLASSIC}>\nMeeting ID: 212 345 678 901 23\nPasscode: Ab3cD4\n"
    );
    assert_eq!(read(&invitation), read(CLASSIC));
    for text in [
        format!("({CLASSIC})"),
        format!("Join here: {CLASSIC}."),
        format!("\u{201c}{CLASSIC}\u{201d}"),
        format!("[{CLASSIC}]({CLASSIC})"),
        format!("\u{feff}{CLASSIC}\u{200b}"),
        format!("{CLASSIC} https://teams.microsoft.com/meetingOptions/?organizerId=1 http://example.com"),
    ] {
        assert_eq!(read(&text), read(CLASSIC), "{text}");
    }
    for text in [
        "Meeting ID: 212 345 678 901 23\nPasscode: Ab3cD4",
        "Meeting ID: 212 345 678 901 23\r\nPasscode: Ab3cD4\r\n\r\nDial in by phone\r\n+49 69 1234567,,964433901# Germany\r\nPhone conference ID: 964 433 901#",
        "Microsoft Teams meeting\nMeeting ID:\t212 345 678 901 23 \nPasscode:\tAb3cD4",
        "ID de la r\u{e9}union : 212 345 678 901 23\nCode secret : Ab3cD4",
        "\u{4f1a}\u{8b70} ID\u{ff1a}212 345 678 901 23\n\u{30d1}\u{30b9}\u{30b3}\u{30fc}\u{30c9}\u{ff1a}Ab3cD4",
        "meeting id 212 345 678 901 23 passcode Ab3cD4",
        "212 345 678 901 23/Ab3cD4",
        "ID: 21234567890123, Ab3cD4",
        "212 345 678 901 23 / Ab3cD4",
        "21234567890123 Ab3cD4",
        "Besprechungs-ID: 212 345 678 901 23 Kennung: Ab3cD4",
        "212 345 678 901 23, Passcode: Ab3cD4",
    ] {
        let MeetingLink::Id { id, passcode } = read(text) else {
            panic!("{text}")
        };
        assert_eq!(
            (id.as_str(), passcode.as_deref()),
            ("21234567890123", Some("Ab3cD4")),
            "{text}"
        );
    }
    assert_eq!(read("212 345 678 901 23").to_string(), "21234567890123");
    assert_eq!(read("Meeting ID: 212 345 678 901 23").to_string(), "21234567890123");
    assert_eq!(
        read("212 345 678 901 23 / 123456").to_string(),
        "21234567890123 / 123456"
    );
    assert_eq!(read("21234567890123 123456").to_string(), "21234567890123 / 123456");
    assert_eq!(
        read("212 345 678 901 23 / abcdef").to_string(),
        "21234567890123 / abcdef"
    );
}

#[test]
fn wrappers_are_taken_off() {
    let encoded = percent::encode(CLASSIC);
    let safe = format!("https://eur02.safelinks.protection.outlook.com/?url={encoded}&data=05&reserved=0");
    assert_eq!(read(&safe), read(CLASSIC));
    let bookings =
        format!("https://visit.teams.microsoft.com/webrtc-svc/api/route?tid=x&JoinWebUrl={encoded}%26webjoin%3dtrue");
    assert_eq!(read(&bookings), read(CLASSIC));
    let both = format!(
        "https://eur02.safelinks.protection.outlook.com/?url={}",
        percent::encode(&bookings)
    );
    assert_eq!(read(&both), read(CLASSIC));
    let path = percent::encode(&CLASSIC.replace("https://teams.microsoft.com", "/_#"));
    assert_eq!(
        read(&format!(
            "https://teams.microsoft.com/dl/launcher/launcher.html?url={path}&type=meetup-join"
        )),
        read(CLASSIC)
    );
    assert_eq!(
        read(&CLASSIC.replace("/l/", "/v2/?meetingjoin=true#/l/")),
        read(CLASSIC),
        "the web client's own address"
    );
    assert_eq!(read(&CLASSIC.replace("/l/", "/_#/l/")), read(CLASSIC));
    let chat = format!(
        "https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url={encoded}&locale=en-us"
    );
    assert_eq!(read(&chat), read(CLASSIC));
    let twice = format!(
        "https://nam12.safelinks.protection.outlook.com/?url={}",
        percent::encode(&safe)
    );
    assert_eq!(read(&twice), read(CLASSIC));
    let mut deep = CLASSIC.to_owned();
    for _ in 0..6 {
        deep = format!(
            "https://eur02.safelinks.protection.outlook.com/?url={}",
            percent::encode(&deep)
        );
    }
    assert!(deep.parse::<MeetingLink>().is_err());
}
