use super::{CLASSIC, LinkError, SHORT, refusal};

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn a_refusal_says_what_it_is() {
    for (text, expected) in [
        ("", LinkError::Empty),
        ("https://teams.live.com/meet/9876543210?p=abcdef", LinkError::Personal),
        (
            "https://teams.microsoft.com/l/call/0/0?users=a@example.com",
            LinkError::CallOrChat,
        ),
        (
            "https://teams.microsoft.com.evil.example/meet/21234567890123",
            LinkError::OtherHost,
        ),
        (
            "https://teams.microsoft.com@evil.example/meet/21234567890123",
            LinkError::Disguised,
        ),
        (
            "https://evil.example@teams.microsoft.com/meet/21234567890123",
            LinkError::Disguised,
        ),
        (
            "https://teams.microsoft.com:8443/meet/21234567890123",
            LinkError::Disguised,
        ),
        (
            "https://teams.microsoft.com\\.evil.example/meet/21234567890123",
            LinkError::Disguised,
        ),
        ("https://teams.microsoft.com./meet/21234567890123", LinkError::OtherHost),
        (
            "https://teams.micros\u{43e}ft.com/meet/21234567890123",
            LinkError::OtherHost,
        ),
        ("https://xteams.microsoft.com/meet/21234567890123", LinkError::OtherHost),
        ("https://safelinks.protection.outlook.com/?url=x", LinkError::OtherHost),
        (
            "https://a.b.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.microsoft.com%2Fmeet%2F21234567890123",
            LinkError::OtherHost,
        ),
        (
            "https://statics.teams.cdn.office.net/other.html?url=https%3A%2F%2Fteams.microsoft.com%2Fmeet%2F21234567890123",
            LinkError::OtherHost,
        ),
        // Two other characters stand in place of the slashes.
        (
            "https://eur02.safelinks.protection.outlook.com/?url=https%3Aabteams.microsoft.com%2Fmeet%2F21234567890123",
            LinkError::Broken,
        ),
        (
            "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2Fmeet%2F21234567890123",
            LinkError::OtherHost,
        ),
        (
            "https://eur02.safelinks.protection.outlook.com/?url=http%3A%2F%2Fteams.microsoft.com%2Fmeet%2F21234567890123",
            LinkError::NotHttps,
        ),
        (
            "https://eur02.safelinks.protection.outlook.com/?data=1",
            LinkError::Broken,
        ),
        (
            "https://evil.example/?u='https://teams.microsoft.com/meet/21234567890123'",
            LinkError::OtherHost,
        ),
        (
            "https://teams.microsoft.com/convene/townhall?eventId=1@2&sessionId=3",
            LinkError::TownHall,
        ),
        (
            "https://teams.microsoft.com/l/chat/0/0?users=a@example.com",
            LinkError::CallOrChat,
        ),
        ("https://teams.microsoft.com/registration/x,y", LinkError::EventPage),
        ("https://teams.microsoft.com/meet/212?p=a", LinkError::Broken),
        (
            "https://teams.microsoft.com/meet/21234567890123?p=a%zz",
            LinkError::Broken,
        ),
        ("https://teams.microsoft.com/meet/21234567890123?p=", LinkError::Broken),
        (
            "https://teams.microsoft.com/meet/21234567890123/more",
            LinkError::NotAMeeting,
        ),
        (
            "https://teams.microsoft.com/Meet/21234567890123",
            LinkError::NotAMeeting,
        ),
        (
            "https://teams.microsoft.com//meet/21234567890123",
            LinkError::NotAMeeting,
        ),
        ("https://teams.microsoft.com", LinkError::NotAMeeting),
        ("msteams:/l/meetup-join/x", LinkError::App),
        ("teams.live.com/meet/9876543210?p=abcdef", LinkError::NoMeeting),
        ("teams.live.com/meet/9876543210", LinkError::NoMeeting),
        (
            "https://evil.safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fteams.microsoft.com%2Fmeet%2F21234567890123",
            LinkError::OtherHost,
        ),
        (
            "https://teams.microsoft.com/meetings/21234567890123",
            LinkError::NotAMeeting,
        ),
        (
            "http://teams.microsoft.com/meet/21234567890123?p=a",
            LinkError::NotHttps,
        ),
        ("msteams://teams.microsoft.com/l/meetup-join/x", LinkError::App),
        ("https://events.teams.microsoft.com/event/1@2", LinkError::EventPage),
        ("https://dod.teams.microsoft.us/l/meetup-join/x/0", LinkError::Dod),
        ("Ring me tomorrow", LinkError::NoMeeting),
        ("12345", LinkError::NoMeeting),
        // Telephone numbers.
        ("Ring 30123456789 tomorrow", LinkError::NoMeeting),
        ("+49 30 1234 56789", LinkError::NoMeeting),
        ("030 123 456 78", LinkError::NoMeeting),
        ("Phone conference ID: 964 433 901#", LinkError::NoMeeting),
        ("ID: 212 345 678 901 23 / Ab3cD4 / Ef5gH6", LinkError::NoMeeting),
        ("212 345 678 901 23 / not one", LinkError::NoMeeting),
    ] {
        assert_eq!(refusal(text), expected, "{text}");
    }
    assert_eq!(refusal(&"9".repeat(30_000)), LinkError::TooLong);
    assert_eq!(refusal(" \n\t "), LinkError::Empty);
    assert_eq!(refusal(&CLASSIC.replace("Tid", "tid")), LinkError::Broken);
    assert_eq!(refusal(&CLASSIC.replace("Oid", "oid")), LinkError::Broken);
    assert_eq!(refusal(CLASSIC.split('?').next().unwrap()), LinkError::Broken);
    assert_eq!(refusal(&CLASSIC.replace("meeting_", "dod%3ameeting_")), LinkError::Dod);
    assert_eq!(refusal(&CLASSIC.replace("thread.v2", "thread.v3")), LinkError::Broken);
    assert_eq!(refusal(&CLASSIC.replace("2c0f4a71", "nonsense")), LinkError::Broken);
    let event = CLASSIC.replace("%22Tid%22", "%22IsBroadcastMeeting%22%3atrue%2c%22Tid%22");
    assert_eq!(refusal(&event), LinkError::LiveEvent);
    assert_eq!(refusal(&format!("{CLASSIC} {SHORT}")), LinkError::Several);
}
