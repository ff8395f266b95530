//! A consultation's events in words.

use anteroom_domain::consultation::{CancelledBy, Side};
use anteroom_domain::event::EventKind;
use anteroom_domain::guest::Guest;
use anteroom_domain::teams::Announcement;
use anteroom_domain::time::Zone;
use anteroom_domain::view::HistoryLine;
use anteroom_domain::visit::{EndCause, Role};
use leptos::prelude::*;

use crate::components::{Moment, Timeline, Tone, clock_text, date_text};
use crate::words::ending_text;

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
        (Some(who), by) => {
            let by = by.filter(|by| *by != who);
            (who, by)
        }
        (None, Some(staff)) => (staff, None),
        (None, None) => (t!(staff::event::the_system).to_owned(), None),
    };
    let who = who.as_str();
    let by = by.map(|name| t!(staff::event::by { name })).unwrap_or_default();
    let (title, detail, tone) = match &line.event.kind {
        EventKind::Scheduled { starts_at, .. } => (
            t!(staff::event::scheduled { who }),
            t!(staff::event::scheduled_for {
                date: date_text(*starts_at, zone),
                time: clock_text(*starts_at, zone)
            }),
            Tone::Info,
        ),
        EventKind::Edited { .. } if line.event.guest.is_some() => {
            (t!(staff::event::guest_edited { who }), by, Tone::Neutral)
        }
        EventKind::Edited { .. } => (t!(staff::event::edited { who }), String::new(), Tone::Neutral),
        EventKind::Rescheduled {
            from,
            starts_at,
            ends_at,
            ..
        } if from == starts_at => (
            t!(staff::event::length_changed { who }),
            t!(staff::event::ends_at {
                time: clock_text(*ends_at, zone)
            }),
            Tone::Neutral,
        ),
        EventKind::Rescheduled { from, starts_at, .. } => {
            let detail = t!(staff::event::moved_from_to {
                from_date: date_text(*from, zone),
                from_time: clock_text(*from, zone),
                to_date: date_text(*starts_at, zone),
                to_time: clock_text(*starts_at, zone)
            });
            (t!(staff::event::moved { who }), detail, Tone::Warning)
        }
        EventKind::Cancelled { by: CancelledBy::Guest } => plain(t!(staff::event::cancelled_by_guest), Tone::Danger),
        EventKind::Cancelled { by: CancelledBy::Staff } => {
            (t!(staff::event::cancelled { who }), String::new(), Tone::Danger)
        }
        EventKind::Invited => (t!(staff::event::invited { who }), by, Tone::Neutral),
        EventKind::InvitationsRevoked => (t!(staff::event::links_withdrawn { who }), by, Tone::Warning),
        EventKind::Arrived { role: Role::Host } => (t!(staff::event::host_arrived { who }), String::new(), Tone::Info),
        EventKind::Arrived { .. } => (t!(staff::event::guest_arrived { who }), String::new(), Tone::Info),
        EventKind::Opened => plain(t!(staff::event::opened), Tone::Neutral),
        EventKind::Admitted => (t!(staff::event::admitted { who }), by, Tone::Success),
        EventKind::Declined => (t!(staff::event::declined { who }), by, Tone::Warning),
        EventKind::Removed => (t!(staff::event::removed { who }), by, Tone::Danger),
        EventKind::AllowedAgain => (t!(staff::event::allowed_again { who }), by, Tone::Neutral),
        EventKind::InvitationDeclined => (t!(staff::event::cant_come { who }), String::new(), Tone::Warning),
        EventKind::MediaJoined => (t!(staff::event::media_joined { who }), String::new(), Tone::Neutral),
        EventKind::WentLive => plain(t!(staff::event::went_live), Tone::Success),
        EventKind::Left { cause } => {
            let title = match cause {
                EndCause::Left => t!(staff::event::left { who }),
                EndCause::Lost => t!(staff::event::lost { who }),
                EndCause::Declined | EndCause::Removed => t!(staff::event::is_out { who }),
                EndCause::Ended => t!(staff::event::meeting_closed { who }),
                EndCause::Replaced => t!(staff::event::replaced { who }),
            };
            (title, String::new(), Tone::Neutral)
        }
        EventKind::Ended => (
            t!(staff::event::ended).to_owned(),
            if line.by.is_some() {
                t!(staff::event::by { name: who })
            } else {
                String::new()
            },
            Tone::Success,
        ),
        EventKind::Missed { side } => {
            let title = match side {
                Side::Guest => t!(staff::event::missed_by_guest),
                Side::Host => t!(staff::event::missed_by_host),
                Side::Technical => t!(staff::event::missed_technical),
            };
            plain(title, Tone::Danger)
        }
        EventKind::MeetingSet { made: true } => plain(t!(staff::event::meeting_made), Tone::Neutral),
        EventKind::MeetingSet { made: false } => (t!(staff::event::meeting_set { who }), String::new(), Tone::Neutral),
        EventKind::IdentityMinted => (t!(staff::event::identity_minted { who }), String::new(), Tone::Neutral),
        EventKind::IdentityDeleted => (t!(staff::event::identity_deleted { who }), String::new(), Tone::Neutral),
        EventKind::TeamsLobby => (t!(staff::event::teams_lobby { who }), String::new(), Tone::Info),
        EventKind::TeamsEnded { code, sub_code, .. } => (
            t!(staff::event::teams_ended {
                who,
                why: ending_text(*code, *sub_code)
            }),
            // Codes are no quantities: their digits are not parted.
            t!(staff::event::teams_code {
                code: code.to_string(),
                sub_code: sub_code.to_string()
            }),
            Tone::Neutral,
        ),
        EventKind::NoticeShown { notice, version } => {
            let title = match notice {
                Announcement::Recording => t!(staff::event::told_recording { who }),
                Announcement::Transcription => t!(staff::event::told_transcription { who }),
                Announcement::ConsentAsked => t!(staff::event::asked_consent { who }),
            };
            (title, version_text(version), Tone::Info)
        }
        EventKind::ConsentGiven { version } => (
            t!(staff::event::consent_given { who }),
            version_text(version),
            Tone::Success,
        ),
        EventKind::ServiceConsentGiven { version, .. } => (
            t!(staff::event::service_consent_given { who }),
            version_text(version),
            Tone::Success,
        ),
        EventKind::RegistrationOpened => (
            t!(staff::event::registration_opened { who }),
            String::new(),
            Tone::Neutral,
        ),
        EventKind::RegistrationClosed => (
            t!(staff::event::registration_closed { who }),
            String::new(),
            Tone::Warning,
        ),
        EventKind::Registered => (t!(staff::event::registered { who }), String::new(), Tone::Info),
        EventKind::Rated { stars } => (t!(staff::event::rated { who, stars }), String::new(), Tone::Info),
        EventKind::OutcomeNoted => (t!(staff::event::outcome_noted { who }), String::new(), Tone::Neutral),
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

/// A moment that needs no more words.
fn plain(title: &str, tone: Tone) -> (String, String, Tone) {
    (title.to_owned(), String::new(), tone)
}

/// Of the text that somebody was shown. It is a name rather than a quantity: its digits are not parted.
fn version_text(version: impl ToString) -> String {
    t!(staff::event::text_version {
        version: version.to_string()
    })
}
