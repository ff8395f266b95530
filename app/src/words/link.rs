//! What the link of a Teams meeting tells, in words.

use anteroom_domain::teams::link::{Cloud, Description, Kind};

/// One sentence for a clerk. Of each GUID it shows the beginning, which is enough to recognise it.
pub fn description_text(description: &Description<'_>) -> String {
    let Description {
        kind,
        cloud,
        tenant,
        organizer,
        ..
    } = *description;
    let (tenant, organizer) = (start(tenant), start(organizer));
    match (kind, cloud == Cloud::GccHigh) {
        (Kind::Meeting, false) => t!(staff::meeting_link::meeting { tenant, organizer }),
        (Kind::Meeting, true) => t!(staff::meeting_link::government_meeting { tenant, organizer }),
        (Kind::Channel, false) => t!(staff::meeting_link::channel { tenant, organizer }),
        (Kind::Channel, true) => t!(staff::meeting_link::government_channel { tenant, organizer }),
        (Kind::Short, false) => t!(staff::meeting_link::short).to_owned(),
        (Kind::Short, true) => t!(staff::meeting_link::government_short).to_owned(),
        // An ID does not tell the cloud.
        (Kind::IdAndPasscode, _) => t!(staff::meeting_link::id).to_owned(),
    }
}

/// The first group of a GUID.
fn start(id: Option<&str>) -> String {
    let first = id.and_then(|id| id.split('-').next()).unwrap_or_default();
    format!("{first}\u{2026}")
}

#[cfg(test)]
mod tests {
    use anteroom_domain::teams::link::MeetingLink;

    use super::*;

    const CLASSIC: &str = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjA3ZDlhMzEtYjYyMi00ZjJiLWE1ZTAtZTc1YjQ5ZTAxMmJi%40thread.v2/0?context=%7b%22Tid%22%3a%2272f988bf-86f1-41af-91ab-2d7cd011db47%22%2c%22Oid%22%3a%222c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001%22%7d";
    const SHORT: &str = "https://teams.microsoft.com/meet/21234567890123?p=AbCdEfGhIjKlMnOp";

    #[test]
    fn a_clerk_is_told_what_a_link_is_before_anybody_joins() {
        let told = |text: &str| description_text(&text.parse::<MeetingLink>().unwrap().describe());
        assert_eq!(
            told(CLASSIC),
            "Teams meeting, of tenant 72f988bf\u{2026}, organised by 2c0f4a71\u{2026}."
        );
        assert_eq!(
            told(SHORT),
            "Teams meeting by its short link, which does not say whose it is."
        );
        assert_eq!(
            told("21234567890123"),
            "Teams meeting by its ID, which does not say whose it is."
        );
        let channel = CLASSIC.replace("thread.v2/0", "thread.tacv2/1654012345678");
        assert!(told(&channel).ends_with("guests have no chat in it."));
        let government = CLASSIC.replace("teams.microsoft.com", "gov.teams.microsoft.us");
        assert!(told(&government).contains("GCC High"));
    }
}
