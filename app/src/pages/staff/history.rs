//! A consultation's events in words.

use anteroom_domain::consultation::{CancelledBy, Side};
use anteroom_domain::event::EventKind;
use anteroom_domain::guest::Guest;
use anteroom_domain::teams::Announcement;
use anteroom_domain::teams::end_code::explain;
use anteroom_domain::time::Zone;
use anteroom_domain::view::HistoryLine;
use anteroom_domain::visit::{EndCause, Role};
use leptos::prelude::*;

use crate::components::{Moment, Timeline, Tone, clock_text, date_text};
use crate::escape::isolate;

#[component]
pub fn History(lines: Vec<HistoryLine>, guests: Vec<Guest>, zone: Zone) -> impl IntoView {
    let moments = lines.iter().map(|line| moment(line, &guests, &zone)).collect();
    view! { <Timeline zone moments /> }
}

fn moment(line: &HistoryLine, guests: &[Guest], zone: &Zone) -> Moment {
    let guest = guests
        .iter()
        .find(|guest| Some(guest.id) == line.event.guest)
        .map(|guest| guest.name.clone());
    // Whom it is about: the guest or the host, else whoever did it, who then is not named again.
    let (who, by) = match (guest.or_else(|| line.account.clone()), line.by.clone()) {
        (Some(who), by) => (isolate(&who).into_owned(), by.filter(|by| *by != who)),
        (None, Some(staff)) => (isolate(&staff).into_owned(), None),
        (None, None) => ("The system".to_owned(), None),
    };
    let by = by.map(|by| format!("by {}", isolate(&by))).unwrap_or_default();
    let (title, detail, tone) = match &line.event.kind {
        EventKind::Scheduled { starts_at, .. } => (
            format!("Scheduled by {who}"),
            format!("for {}, {}", date_text(*starts_at, zone), clock_text(*starts_at, zone)),
            Tone::Info,
        ),
        EventKind::Edited { .. } if line.event.guest.is_some() => {
            (format!("Particulars of {who} changed"), by, Tone::Neutral)
        }
        EventKind::Edited { .. } => (format!("Changed by {who}"), String::new(), Tone::Neutral),
        EventKind::Rescheduled {
            from,
            starts_at,
            ends_at,
            ..
        } if from == starts_at => (
            format!("Length changed by {who}"),
            format!("it ends at {}", clock_text(*ends_at, zone)),
            Tone::Neutral,
        ),
        EventKind::Rescheduled { from, starts_at, .. } => {
            let detail = format!(
                "from {}, {} to {}, {}",
                date_text(*from, zone),
                clock_text(*from, zone),
                date_text(*starts_at, zone),
                clock_text(*starts_at, zone)
            );
            (format!("Moved by {who}"), detail, Tone::Warning)
        }
        EventKind::Cancelled { by: CancelledBy::Guest } => {
            ("Cancelled by the guest".to_owned(), String::new(), Tone::Danger)
        }
        EventKind::Cancelled { by: CancelledBy::Staff } => (format!("Cancelled by {who}"), String::new(), Tone::Danger),
        EventKind::Invited => (format!("Link made for {who}"), by, Tone::Neutral),
        EventKind::InvitationsRevoked => (format!("Links of {who} withdrawn"), by, Tone::Warning),
        EventKind::Arrived { role: Role::Host } => (format!("{who} went into the room"), String::new(), Tone::Info),
        EventKind::Arrived { .. } => (format!("{who} arrived in the lobby"), String::new(), Tone::Info),
        EventKind::Opened => ("Open: someone has arrived".to_owned(), String::new(), Tone::Neutral),
        EventKind::Admitted => (format!("{who} was admitted"), by, Tone::Success),
        EventKind::Declined => (format!("{who} was declined"), by, Tone::Warning),
        EventKind::Removed => (format!("{who} was removed"), by, Tone::Danger),
        EventKind::AllowedAgain => (format!("{who} may ask again"), by, Tone::Neutral),
        EventKind::InvitationDeclined => (format!("{who} can\u{2019}t come"), String::new(), Tone::Warning),
        EventKind::MediaJoined => (
            format!("{who} is connected with sound and picture"),
            String::new(),
            Tone::Neutral,
        ),
        EventKind::WentLive => ("Live: both sides are in".to_owned(), String::new(), Tone::Success),
        EventKind::Left { cause } => {
            let title = match cause {
                EndCause::Left => format!("{who} left"),
                EndCause::Lost => format!("{who}: connection lost"),
                EndCause::Declined | EndCause::Removed => format!("{who} is out"),
                EndCause::Ended => format!("{who}: the meeting was closed"),
                EndCause::Replaced => format!("{who} joined anew from elsewhere"),
            };
            (title, String::new(), Tone::Neutral)
        }
        EventKind::Ended => (
            "Ended".to_owned(),
            if line.by.is_some() {
                format!("by {who}")
            } else {
                String::new()
            },
            Tone::Success,
        ),
        EventKind::Missed { side } => {
            let side = match side {
                Side::Guest => "by the guest",
                Side::Host => "by the host",
                Side::Technical => "for technical reasons",
            };
            (format!("Missed {side}"), String::new(), Tone::Danger)
        }
        EventKind::MeetingSet { made: true } => ("Teams meeting made".to_owned(), String::new(), Tone::Neutral),
        EventKind::MeetingSet { made: false } => (format!("Teams meeting set by {who}"), String::new(), Tone::Neutral),
        EventKind::IdentityMinted => (format!("{who} got credentials for Teams"), String::new(), Tone::Neutral),
        EventKind::IdentityDeleted => (
            format!("{who}: credentials for Teams deleted"),
            String::new(),
            Tone::Neutral,
        ),
        EventKind::TeamsLobby => (format!("{who} waits in Teams\u{2019} lobby"), String::new(), Tone::Info),
        EventKind::TeamsEnded { code, sub_code, .. } => (
            format!("{who}: {}", explain(*code, *sub_code).sentence),
            format!("Teams\u{2019} code {code}/{sub_code}"),
            Tone::Neutral,
        ),
        EventKind::NoticeShown { notice, version } => {
            let what = match notice {
                Announcement::Recording => "that it is recorded",
                Announcement::Transcription => "that it is transcribed",
                Announcement::ConsentAsked => "and asked whether they agree",
            };
            (
                format!("{who} was told {what}"),
                format!("text version {version}"),
                Tone::Info,
            )
        }
        EventKind::ConsentGiven { version } => (
            format!("{who} agreed to recording and transcription"),
            format!("text version {version}"),
            Tone::Success,
        ),
        EventKind::ServiceConsentGiven { version, .. } => (
            format!("{who} agreed to what the service asks"),
            format!("text version {version}"),
            Tone::Success,
        ),
        EventKind::RegistrationOpened => (format!("Registration link made by {who}"), String::new(), Tone::Neutral),
        EventKind::RegistrationClosed => (format!("Registration closed by {who}"), String::new(), Tone::Warning),
        EventKind::Registered => (format!("{who} registered"), String::new(), Tone::Info),
        EventKind::Rated { stars } => (format!("{who} rated it {stars} of 5"), String::new(), Tone::Info),
        EventKind::OutcomeNoted => (format!("{who} noted the outcome"), String::new(), Tone::Neutral),
        // Not of a consultation.
        EventKind::BranchAdded { .. }
        | EventKind::BranchChanged { .. }
        | EventKind::ServiceAdded { .. }
        | EventKind::ServiceChanged { .. }
        | EventKind::AccountCreated
        | EventKind::AccountChanged { .. }
        | EventKind::PasswordSet { .. }
        | EventKind::SignInTried { .. }
        | EventKind::SignedIn
        | EventKind::SignedOutEverywhere => (line.event.kind.kind().to_owned(), String::new(), Tone::Neutral),
    };
    Moment {
        at: line.event.at,
        title,
        detail,
        tone,
    }
}
