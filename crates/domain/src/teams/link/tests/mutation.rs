//! Fuzzing: any text gets an answer without a panic, and no change to a good link makes it lead anywhere but to Teams.

use proptest::prelude::*;

use super::{CLASSIC, SHORT, read};
use crate::teams::link::{MeetingLink, OpenInTeams};

const HOSTS: [&str; 2] = ["teams.microsoft.com", "gov.teams.microsoft.us"];

const GOOD: [&str; 6] = [
    CLASSIC,
    SHORT,
    "https://gov.teams.microsoft.us/l/meetup-join/19%3agcch%3ameeting_abc%40thread.v2/0?context=%7b%22Tid%22%3a%2272f988bf-86f1-41af-91ab-2d7cd011db47%22%2c%22Oid%22%3a%222c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001%22%7d",
    "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.microsoft.com%2Fmeet%2F21234567890123%3Fp%3DAbCd",
    "https://teams.microsoft.com/dl/launcher/launcher.html?url=%2F_%23%2Fmeet%2F21234567890123%3Fp%3DAbCd&type=meet",
    "Meeting ID: 212 345 678 901 23\nPasscode: Ab3cD4",
];

/// Strings that an attacker would insert first.
const SPICE: [&str; 16] = [
    "@",
    ":",
    "/",
    "\\",
    "#",
    "?",
    "&",
    "%",
    ".",
    "%2e",
    "%40",
    "%00",
    " ",
    "\n",
    "https://evil.example/",
    ".evil.example",
];

/// Asserts that an accepted meeting prints as a text that reads back equal, and that its link leads to Teams.
fn assert_sound(source: &str) -> Result<(), TestCaseError> {
    let Ok(meeting) = source.parse::<MeetingLink>() else {
        return Ok(());
    };
    let text = meeting.to_string();
    prop_assert_eq!(&read(&text), &meeting, "{:?} prints as {:?}", source, text);
    prop_assert_eq!(read(&text).to_string(), text.clone());
    if let OpenInTeams::Link(link) = meeting.open_in_teams() {
        prop_assert_eq!(&link, &text);
        let (host, _) = link.strip_prefix("https://").unwrap().split_once('/').unwrap();
        prop_assert!(HOSTS.contains(&host), "{:?} became {}", source, link);
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%/?=:".contains(&byte);
        prop_assert!(link.bytes().all(is_plain), "{}", link);
    }
    let debug = format!("{meeting:?}");
    prop_assert!(!debug.contains("://"), "{}", debug);
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC{0,300}") {
        assert_sound(&text)?;
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        assert_sound(&text)?;
        for start in [
            "https://teams.microsoft.com/",
            "https://teams.microsoft.com/meet/",
            "https://teams.microsoft.com/l/meetup-join/",
            "https://eur02.safelinks.protection.outlook.com/?url=",
            "212 345 678 901 23 ",
        ] {
            assert_sound(&format!("{start}{text}"))?;
        }
    }

    #[test]
    fn words_of_an_invitation_in_any_order_are_answered(
        words in proptest::collection::vec(
            prop_oneof![
                Just("Meeting"), Just("ID:"), Just("id"), Just("Passcode"), Just(":"), Just("/"), Just("212"), Just("345678901"),
                Just("23"), Just("21234567890123"), Just("Ab3cD4"), Just("abcdef"), Just("123456"), Just("0"), Just("+49"),
                Just("\n"), Just(SHORT), Just("https://example.com"),
            ],
            0..12,
        ),
        gap in prop_oneof![Just(" "), Just(""), Just("\n")],
    ) {
        assert_sound(&words.join(gap))?;
    }

    #[test]
    fn a_link_with_some_characters_changed_never_leads_elsewhere(
        source in proptest::sample::select(&GOOD[..]),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), proptest::char::any()), 1..4),
    ) {
        let mut characters: Vec<char> = source.chars().collect();
        for (index, character) in changes {
            let place = index.index(characters.len());
            characters[place] = character;
        }
        assert_sound(&characters.into_iter().collect::<String>())?;
    }

    #[test]
    fn a_link_with_something_put_into_it_never_leads_elsewhere(
        source in proptest::sample::select(&GOOD[..]),
        places in proptest::collection::vec((any::<proptest::sample::Index>(), proptest::sample::select(&SPICE[..])), 1..4),
    ) {
        let mut text = source.to_owned();
        for (index, spice) in places {
            text.insert_str(index.index(text.len() + 1), spice);
        }
        assert_sound(&text)?;
    }

    #[test]
    fn ids_and_passcodes_print_back(
        id in "[1-9][0-9]{8,17}",
        passcode in proptest::option::of("[A-Za-z0-9]{4,16}"),
    ) {
        let meeting = MeetingLink::Id { id, passcode };
        prop_assert_eq!(read(&meeting.to_string()), meeting);
    }
}

/// Replaces each character of every good link by each character that has a meaning in links or in IDs.
#[test]
fn no_single_character_turns_a_link_elsewhere() {
    for source in GOOD {
        for (place, _) in source.char_indices() {
            for replacement in " /\\@:?#&%=.-\"{0aZ".chars() {
                let mut text = source.to_owned();
                text.replace_range(place..=place, replacement.encode_utf8(&mut [0; 4]));
                assert_sound(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            }
        }
    }
}
