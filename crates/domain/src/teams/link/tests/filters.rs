use super::{CLASSIC, LinkError, SHORT, read, refusal};
use crate::teams::link::percent::encode;

/// A link as Proofpoint's second form rewrites it.
fn proofpoint_2(link: &str) -> String {
    let masked = link
        .replace('-', "-2D")
        .replace('_', "-5F")
        .replace('%', "-25")
        .replace(':', "-3A");
    let masked = masked
        .replace('?', "-3F")
        .replace('=', "-3D")
        .replace('&', "-26")
        .replace('/', "_");
    format!("https://urldefense.proofpoint.com/v2/url?u={masked}&d=DwMFAg&c=x&r=y&m=z&s=w&e=")
}

#[test]
fn what_a_filter_carries_inside_is_unwrapped() {
    let percents = CLASSIC.matches('%').count();
    assert_eq!(percents % 3, 0, "no padding is needed");
    let third = format!(
        "https://urldefense.com/v3/__{}__;{}!!AbC-dEf!xyz$",
        CLASSIC.replace('%', "*"),
        "JSUl".repeat(percents / 3)
    );
    let third_in_a_run = format!(
        "https://urldefense.us/v3/__{}__;JSUl!!AbC!xyz$",
        SHORT.replace("https://", "https:/").replace("?p=", "**B?p=")
    );
    for (wrapped, link) in [
        (proofpoint_2(CLASSIC), CLASSIC),
        (proofpoint_2(SHORT), SHORT),
        (
            format!("https://urldefense.proofpoint.com/v1/url?u={}&k=x", encode(CLASSIC)),
            CLASSIC,
        ),
        (third, CLASSIC),
        (
            format!("https://linkprotect.cudasvc.com/url?a={}&c=E,1,x&typo=1", encode(SHORT)),
            SHORT,
        ),
        (
            format!(
                "https://imsva91-ctp.trendmicro.com:443/wis/clicktime/v1/query?url={}&umid=x",
                encode(CLASSIC)
            ),
            CLASSIC,
        ),
        (
            format!("https://www.google.com/url?q={}&sa=D&source=calendar", encode(CLASSIC)),
            CLASSIC,
        ),
        (format!("https://secure-web.cisco.com/1AbC-d/{}", encode(SHORT)), SHORT),
    ] {
        assert_eq!(read(&wrapped), read(link), "{wrapped}");
    }
    // The unwrapped link has percent signs where a meeting's link can't have them.
    assert_eq!(refusal(&third_in_a_run), LinkError::Broken);
}

#[test]
fn what_a_filter_hides_is_read_from_the_words_below_it() {
    let invitation = |link: &str| {
        format!(
            "Microsoft Teams meeting\nJoin: {link}\nMeeting ID: 212 345 678 901 23\nPasscode: Ab3cD4\nNeed help? https://aka.ms/JoinTeamsMeeting"
        )
    };
    for hidden in [
        "https://url.de.m.mimecastprotect.com/s/AbCdEf",
        "https://protect-eu.mimecast.com/s/AbCdEf?domain=teams.microsoft.com",
        "https://eu-west-1.protection.sophos.com?d=microsoft.com&u=x",
        "https://secure-web.cisco.com/1AbC-d",
    ] {
        assert_eq!(
            read(&invitation(hidden)),
            read("212 345 678 901 23 / Ab3cD4"),
            "{hidden}"
        );
        assert_eq!(refusal(hidden), LinkError::Rewritten, "{hidden}");
    }
    // A link to another page of Teams is refused even if the text holds a meeting ID as well.
    assert_eq!(
        refusal(&invitation(
            "https://teams.microsoft.com/l/chat/0/0?users=a@example.com"
        )),
        LinkError::CallOrChat
    );
}

#[test]
fn no_filter_leads_out_of_teams() {
    for inner in [
        "https://evil.example/meet/21234567890123",
        "http://teams.microsoft.com/meet/21234567890123",
    ] {
        for wrapped in [
            proofpoint_2(inner),
            format!("https://www.google.com/url?q={}", encode(inner)),
            format!("https://linkprotect.cudasvc.com/url?a={}", encode(inner)),
        ] {
            let refused = refusal(&wrapped);
            assert!(
                matches!(refused, LinkError::OtherHost | LinkError::NotHttps),
                "{wrapped}: {refused:?}"
            );
        }
    }
    for host in [
        "urldefense.com.evil.example",
        "xurldefense.com",
        "trendmicro.com.evil.example",
        "google.com",
    ] {
        let wrapped = format!("https://{host}/url?q={0}&url={0}&u={0}", encode(SHORT));
        assert_eq!(refusal(&wrapped), LinkError::OtherHost, "{wrapped}");
    }
}

#[test]
fn a_link_that_a_mail_program_decoded_is_a_good_one() {
    let decoded = "https://teams.microsoft.com/l/meetup-join/19:meeting_NjA3ZDlhMzEtYjYyMi00ZjJiLWE1ZTAtZTc1YjQ5ZTAxMmJi@thread.v2/0?context={\"Tid\":\"72f988bf-86f1-41af-91ab-2d7cd011db47\",\"Oid\":\"2c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001\"}";
    assert_eq!(read(decoded), read(CLASSIC));
    assert_eq!(read(&format!("Join here <{decoded}>.")), read(CLASSIC));
    assert_eq!(read(&SHORT.replace(".com/", ".com:443/")), read(SHORT));
    assert_eq!(read(&decoded.replace(".com/", ".com:443/")), read(CLASSIC));
}
