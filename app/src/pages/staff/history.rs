//! A consultation's events in words.

use anteroom_domain::consultation::{CancelledBy, Side};
use anteroom_domain::event::Happening;
use anteroom_domain::guest::Guest;
use anteroom_domain::signalling::{Role, TeamsNotice};
use anteroom_domain::teams::end_code::explain;
use anteroom_domain::time::Zone;
use anteroom_domain::view::HistoryLine;
use anteroom_domain::visit::EndCause;
use leptos::prelude::*;

use crate::components::{Moment, Timeline, Tone, clock_text, date_text};
use crate::text::isolate;

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
    // Whom it is about: the guest, else the member of staff, who then is not named again.
    let (who, by) = match (guest, line.by.clone()) {
        (Some(guest), by) => (isolate(&guest).into_owned(), by),
        (None, Some(staff)) => (isolate(&staff).into_owned(), None),
        (None, None) => ("The system".to_owned(), None),
    };
    let by = by.map(|by| format!("by {}", isolate(&by))).unwrap_or_default();
    let (title, detail, tone) = match &line.event.happening {
        Happening::Scheduled { starts_at, .. } => (
            format!("Scheduled by {who}"),
            format!("for {}, {}", date_text(*starts_at, zone), clock_text(*starts_at, zone)),
            Tone::Info,
        ),
        Happening::Edited { .. } if line.event.guest.is_some() => {
            (format!("Particulars of {who} changed"), by, Tone::Neutral)
        }
        Happening::Edited { .. } => (format!("Changed by {who}"), String::new(), Tone::Neutral),
        Happening::Rescheduled {
            from,
            starts_at,
            ends_at,
            ..
        } if from == starts_at => (
            format!("Length changed by {who}"),
            format!("it ends at {}", clock_text(*ends_at, zone)),
            Tone::Neutral,
        ),
        Happening::Rescheduled { from, starts_at, .. } => {
            let detail = format!(
                "from {}, {} to {}, {}",
                date_text(*from, zone),
                clock_text(*from, zone),
                date_text(*starts_at, zone),
                clock_text(*starts_at, zone)
            );
            (format!("Moved by {who}"), detail, Tone::Warning)
        }
        Happening::Cancelled { by: CancelledBy::Guest } => {
            ("Cancelled by the guest".to_owned(), String::new(), Tone::Danger)
        }
        Happening::Cancelled { by: CancelledBy::Staff } => (format!("Cancelled by {who}"), String::new(), Tone::Danger),
        Happening::Invited => (format!("Link made for {who}"), by, Tone::Neutral),
        Happening::InvitationsRevoked => (format!("Links of {who} withdrawn"), by, Tone::Warning),
        Happening::Arrived { role: Role::Host } => (format!("{who} went into the room"), String::new(), Tone::Info),
        Happening::Arrived { .. } => (format!("{who} arrived in the lobby"), String::new(), Tone::Info),
        Happening::Opened => ("Open: someone has arrived".to_owned(), String::new(), Tone::Neutral),
        Happening::Admitted => (format!("{who} was admitted"), by, Tone::Success),
        Happening::Declined => (format!("{who} was declined"), by, Tone::Warning),
        Happening::Removed => (format!("{who} was removed"), by, Tone::Danger),
        Happening::Forgiven => (format!("{who} may ask again"), by, Tone::Neutral),
        Happening::Excused => (format!("{who} can\u{2019}t come"), String::new(), Tone::Warning),
        Happening::MediaJoined => (
            format!("{who} is connected with sound and picture"),
            String::new(),
            Tone::Neutral,
        ),
        Happening::WentLive => ("Live: both sides are in".to_owned(), String::new(), Tone::Success),
        Happening::Left { cause } => {
            let title = match cause {
                EndCause::Left => format!("{who} left"),
                EndCause::Lost => format!("{who}: connection lost"),
                EndCause::Declined | EndCause::Removed => format!("{who} is out"),
                EndCause::Ended => format!("{who}: the meeting was closed"),
                EndCause::Replaced => format!("{who} joined anew from elsewhere"),
            };
            (title, String::new(), Tone::Neutral)
        }
        Happening::Ended => (
            "Ended".to_owned(),
            if line.by.is_some() {
                format!("by {who}")
            } else {
                String::new()
            },
            Tone::Success,
        ),
        Happening::Missed { side } => {
            let side = match side {
                Side::Guest => "by the guest",
                Side::Host => "by the host",
                Side::Technical => "for technical reasons",
            };
            (format!("Missed {side}"), String::new(), Tone::Danger)
        }
        Happening::MeetingSet { made: true } => ("Teams meeting made".to_owned(), String::new(), Tone::Neutral),
        Happening::MeetingSet { made: false } => (format!("Teams meeting set by {who}"), String::new(), Tone::Neutral),
        Happening::IdentityMinted => (format!("{who} got credentials for Teams"), String::new(), Tone::Neutral),
        Happening::IdentityDeleted => (
            format!("{who}: credentials for Teams deleted"),
            String::new(),
            Tone::Neutral,
        ),
        Happening::TeamsLobby => (format!("{who} waits in Teams\u{2019} lobby"), String::new(), Tone::Info),
        Happening::TeamsEnded { code, sub_code, .. } => (
            format!("{who}: {}", explain(*code, *sub_code).sentence),
            format!("Teams\u{2019} code {code}/{sub_code}"),
            Tone::Neutral,
        ),
        Happening::NoticeShown { notice, version } => {
            let what = match notice {
                TeamsNotice::Recording => "that it is recorded",
                TeamsNotice::Transcription => "that it is transcribed",
                TeamsNotice::ConsentAsked => "and asked whether they agree",
            };
            (
                format!("{who} was told {what}"),
                format!("text version {version}"),
                Tone::Info,
            )
        }
        Happening::ConsentGiven { version } => (
            format!("{who} agreed to recording and transcription"),
            format!("text version {version}"),
            Tone::Success,
        ),
        Happening::ServiceConsentGiven { version, .. } => (
            format!("{who} agreed to what the service asks"),
            format!("text version {version}"),
            Tone::Success,
        ),
        Happening::RegistrationOpened => (format!("Registration link made by {who}"), String::new(), Tone::Neutral),
        Happening::RegistrationClosed => (format!("Registration closed by {who}"), String::new(), Tone::Warning),
        Happening::Registered => (format!("{who} registered"), String::new(), Tone::Info),
        Happening::Rated { stars } => (format!("{who} rated it {stars} of 5"), String::new(), Tone::Info),
        Happening::OutcomeNoted => (format!("{who} noted the outcome"), String::new(), Tone::Neutral),
        // Not of a consultation.
        Happening::BranchAdded { .. }
        | Happening::BranchChanged { .. }
        | Happening::ServiceAdded { .. }
        | Happening::ServiceChanged { .. }
        | Happening::AccountCreated
        | Happening::AccountChanged { .. }
        | Happening::PasswordSet { .. }
        | Happening::SignInTried { .. }
        | Happening::SignedIn
        | Happening::SignedOutEverywhere => (line.event.happening.kind().to_owned(), String::new(), Tone::Neutral),
    };
    Moment {
        at: line.event.at,
        title,
        detail,
        tone,
    }
}
