//! The sentences of a meeting: what a person reads for a state that the code knows as an enum.

use anteroom_domain::consultation::GRACE_MINUTES;
use anteroom_domain::visit::{AdmissionStatus, Role, TeamsPresence};
use anteroom_protocol::media::Quality;
use anteroom_protocol::seat::{Notified, Person, RoomView};
use leptos::prelude::*;

use super::participant::Participant;
use super::stage::{CallStage, EndReason};
use crate::escape::isolate;

/// "1 minute", "12 minutes"; under a minute "less than a minute": a lobby that counts seconds makes waiting longer.
pub fn waited(ms: i64) -> String {
    match ms.max(0) / 60_000 {
        0 => t!(guest::waiting::less_than_a_minute).to_owned(),
        minutes if minutes < 60 => t!(guest::waiting::minutes { count: minutes }),
        minutes => t!(guest::waiting::hours_and_minutes {
            hours: minutes / 60,
            minutes: minutes % 60
        }),
    }
}

/// "4:07", "1:02:09": how long the call has been going.
pub fn length(ms: i64) -> String {
    let seconds = ms.max(0) / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// The guest's position in the lobby.
pub fn position(position: u32) -> String {
    match position {
        0 | 1 => t!(guest::lobby::next).to_owned(),
        n => t!(guest::lobby::before_you { count: n - 1 }),
    }
}

/// The sentence for a host who is alone in the room.
pub fn alone(room: Option<&RoomView>) -> String {
    let waiting = room.map_or(0, |room| {
        let waits = |person: &&Person| person.status == AdmissionStatus::Waiting;
        room.people.iter().filter(waits).count()
    });
    match waiting {
        0 if room.is_some_and(|room| room.live_at.is_some()) => t!(guest::call::others_have_left).to_owned(),
        0 => t!(guest::call::nobody_yet).to_owned(),
        waiting => t!(guest::call::guests_wait { count: waiting }),
    }
}

/// The sentence that tells a waiting guest who knows of them.
pub fn host_knows(room: &RoomView) -> String {
    let host = &room.host;
    match (room.host_present, room.notified) {
        (true, _) => t!(guest::lobby::host_is_here { host }),
        (false, Notified::Host) => t!(guest::lobby::host_told { host }),
        (false, Notified::Colleague) => t!(guest::lobby::colleague_told { host }),
        (false, Notified::Nobody) => t!(guest::lobby::nobody_told { host }),
    }
}

pub fn quality(quality: Quality) -> &'static str {
    match quality {
        Quality::Good => t!(guest::quality::good),
        Quality::Fair => t!(guest::quality::fair),
        Quality::Poor => t!(guest::quality::poor),
        Quality::Lost => t!(guest::quality::lost),
    }
}

/// The stable word of `data-quality`.
pub fn quality_word(quality: Quality) -> &'static str {
    match quality {
        Quality::Good => "good",
        Quality::Fair => "fair",
        Quality::Poor => "poor",
        Quality::Lost => "lost",
    }
}

/// Does ending it for everyone close only the room at this moment, and leave the appointment as it is?
pub fn closes_room_only(room: Option<&RoomView>, now: i64) -> bool {
    room.is_some_and(|room| room.live_at.is_none() && now < room.starts_at + GRACE_MINUTES * 60_000)
}

/// The consequence of ending it for everyone.
pub fn ending(room_only: bool) -> &'static str {
    if room_only {
        t!(guest::controls::end_closes_room)
    } else {
        t!(guest::controls::end_is_final)
    }
}

/// Heading and explanation of the last screen.
pub fn over(why: EndReason, role: Role, room_only: bool) -> (&'static str, &'static str) {
    match (why, role) {
        (EndReason::Ended, Role::Host) if room_only => (
            t!(guest::over::room_closed_by_you),
            t!(guest::over::room_closed_by_you_text),
        ),
        (EndReason::Ended, _) if room_only => (t!(guest::over::room_closed), t!(guest::over::room_closed_text)),
        (EndReason::Left, Role::Host) => (t!(guest::over::left), t!(guest::over::left_text_host)),
        (EndReason::Left, _) => (t!(guest::over::left), t!(guest::over::left_text)),
        (EndReason::Ended, Role::Host) => (t!(guest::over::ended), t!(guest::over::ended_text_host)),
        (EndReason::Ended, _) => (t!(guest::over::ended), t!(guest::over::ended_text)),
        (EndReason::Declined, _) => (t!(guest::over::declined), t!(guest::over::declined_text)),
        (EndReason::Removed, Role::Host) => (t!(guest::over::removed), t!(guest::over::removed_text_host)),
        (EndReason::Removed, _) => (t!(guest::over::removed), t!(guest::over::removed_text)),
        (EndReason::Replaced | EndReason::Rejoined, _) => (t!(guest::over::replaced), t!(guest::over::replaced_text)),
        (EndReason::Lost, _) => (t!(guest::over::lost), t!(guest::over::lost_text)),
        // The codes lead to the sentence.
        (EndReason::External { .. }, _) => (t!(guest::over::external), ""),
        (EndReason::Protocol, _) => (t!(guest::over::out_of_date), t!(guest::over::out_of_date_text)),
    }
}

/// "Ana Moreno (you, host)".
pub fn name_with_role(person: &Participant, you: bool) -> String {
    let name = &person.name;
    match (person.role, you) {
        (Role::Host, true) => t!(guest::people::you_host { name }),
        (Role::Host, false) => t!(guest::people::host { name }),
        (Role::Attendee, true) => t!(guest::people::you_viewer { name }),
        (Role::Attendee, false) => t!(guest::people::viewer { name }),
        (Role::Guest, true) => t!(guest::people::you { name }),
        (Role::Guest, false) => isolate(name).into_owned(),
    }
}

/// The same with the name in an element of its own.
pub fn shown_name_with_role(person: &Participant, you: bool) -> Vec<AnyView> {
    let shown = view! { <bdi>{person.name.clone()}</bdi> };
    match (person.role, you) {
        (Role::Host, true) => t_view!(guest::people::you_host { name: shown }),
        (Role::Host, false) => t_view!(guest::people::host { name: shown }),
        (Role::Attendee, true) => t_view!(guest::people::you_viewer { name: shown }),
        (Role::Attendee, false) => t_view!(guest::people::viewer { name: shown }),
        (Role::Guest, true) => t_view!(guest::people::you { name: shown }),
        (Role::Guest, false) => vec![shown.into_any()],
    }
}

/// The line after the list of people that counts the viewers who are not in it.
pub fn viewers(others: u32) -> Option<String> {
    match others {
        0 => None,
        others => Some(t!(guest::people::other_viewers { count: others })),
    }
}

/// The word for a guest whom the host may allow to ask again.
pub fn turned_away(status: AdmissionStatus) -> Option<&'static str> {
    match status {
        AdmissionStatus::Declined => Some(t!(guest::people::not_admitted)),
        AdmissionStatus::Removed => Some(t!(guest::people::removed)),
        AdmissionStatus::Waiting | AdmissionStatus::Admitted => None,
    }
}

/// The lobby in which somebody waits for the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LobbyKind {
    /// The host admits them on this page.
    Here,
    /// The host admits them in Teams.
    Teams,
}

pub fn lobby_of(person: &Person) -> Option<LobbyKind> {
    match (person.status, person.teams) {
        (AdmissionStatus::Waiting, _) => Some(LobbyKind::Here),
        (AdmissionStatus::Admitted, Some(TeamsPresence::Lobby)) => Some(LobbyKind::Teams),
        _ => None,
    }
}

/// What a screen reader says when somebody new waits; `waiting` is the number of all who do.
pub fn arrivals(new: &[(String, LobbyKind)], waiting: usize) -> String {
    match new {
        [] => String::new(),
        [(name, LobbyKind::Here)] => t!(guest::announce::waits { name }),
        [(name, LobbyKind::Teams)] => t!(guest::teams::waits_in_lobby { name }),
        _ => t!(guest::announce::people_wait { count: waiting }),
    }
}

/// The text of the notification.
pub fn arrived(meeting: &str, new: usize) -> String {
    t!(guest::announce::arrived { meeting, count: new })
}

/// The note before the title of the tab, for a person who looks at another tab.
pub fn title_note(stage: &CallStage, waiting: usize, room: Option<&RoomView>, in_external_lobby: bool) -> String {
    let state = match stage {
        CallStage::Lobby => match room.map(|room| room.you.position) {
            Some(place @ 2..) => t!(guest::title::waiting_at { place }),
            _ => t!(guest::title::waiting).to_owned(),
        },
        CallStage::Connecting | CallStage::InCall if waiting > 0 => {
            return format!("{} ", t!(guest::title::guests_wait { count: waiting }));
        }
        CallStage::Connecting if in_external_lobby => t!(guest::title::waiting_in_teams).to_owned(),
        CallStage::Connecting => t!(guest::title::connecting).to_owned(),
        CallStage::InCall => t!(guest::title::in_call).to_owned(),
        CallStage::Over(_) => t!(guest::title::over).to_owned(),
        CallStage::Prejoin { .. } | CallStage::Joining | CallStage::Rejoining => return String::new(),
    };
    format!("{state} · ")
}

/// What a screen reader says when the stage changes.
pub fn stage_announcement(before: &CallStage, stage: &CallStage) -> Option<&'static str> {
    match stage {
        CallStage::Prejoin { .. } => None,
        CallStage::Joining | CallStage::Rejoining => Some(t!(guest::announce::joining)),
        CallStage::Lobby => Some(t!(guest::announce::in_lobby)),
        CallStage::Connecting if *before == CallStage::Lobby => Some(t!(guest::announce::let_in_connecting)),
        CallStage::Connecting => Some(t!(guest::announce::connecting)),
        CallStage::InCall => Some(t!(guest::announce::in_call)),
        CallStage::Over(_) => Some(t!(guest::announce::over)),
    }
}

/// Why this browser cannot carry a meeting, and what helps.
pub fn cant_meet(host: bool) -> &'static str {
    if host {
        t!(guest::prejoin::cant_meet_host)
    } else {
        t!(guest::prejoin::cant_meet_guest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::participant::tests::{person, room};

    fn waits() -> Person {
        Person {
            status: AdmissionStatus::Waiting,
            ..person(1)
        }
    }

    #[test]
    fn those_who_wait_are_counted_right() {
        let with = |count: usize| {
            alone(Some(&RoomView {
                people: vec![waits(); count],
                ..room(Vec::new())
            }))
        };
        assert!(with(0).starts_with("Nobody else is here yet."));
        assert_eq!(with(1), "One guest is waiting to be admitted.");
        assert_eq!(with(12), "12 guests are waiting to be admitted.");
        let left = RoomView {
            live_at: Some(1),
            ..room(Vec::new())
        };
        assert!(alone(Some(&left)).starts_with("Everybody else has left."));

        let new = |count: usize| vec![("Ben Sato".to_owned(), LobbyKind::Here); count];
        assert_eq!(arrivals(&new(1), 12), "Ben Sato is waiting to be let in.");
        assert_eq!(arrivals(&new(2), 12), "12 people are waiting to be let in.");
        assert_eq!(
            arrived("Mortgage advice", 1),
            "Mortgage advice: A guest has arrived in the lobby."
        );
        assert_eq!(
            arrived("Mortgage advice", 3),
            "Mortgage advice: 3 guests have arrived in the lobby."
        );
    }

    #[test]
    fn waiting_is_told_in_minutes() {
        assert_eq!(waited(-5), "less than a minute");
        assert_eq!(waited(59_999), "less than a minute");
        assert_eq!(waited(60_000), "1 minute");
        assert_eq!(waited(59 * 60_000), "59 minutes");
        assert_eq!(waited(61 * 60_000), "1 h 1 min");
    }

    #[test]
    fn the_length_of_a_call_reads_like_a_clock() {
        assert_eq!(length(0), "0:00");
        assert_eq!(length(247_000), "4:07");
        assert_eq!(length(3_729_000), "1:02:09");
    }

    #[test]
    fn the_title_tells_a_host_in_another_tab_that_somebody_waits() {
        assert_eq!(title_note(&CallStage::InCall, 2, None, false), "(2 waiting) ");
        assert_eq!(title_note(&CallStage::InCall, 0, None, false), "In call · ");
    }

    #[test]
    fn nobody_is_said_to_be_in_who_waits_in_teams() {
        assert_eq!(title_note(&CallStage::Connecting, 0, None, true), "Waiting in Teams · ");
        assert_eq!(
            stage_announcement(&CallStage::Joining, &CallStage::Connecting),
            Some("Connecting to the meeting.")
        );
        assert!(
            stage_announcement(&CallStage::Lobby, &CallStage::Connecting).is_some_and(|said| said.contains("let in"))
        );
    }

    #[test]
    fn who_waits_in_teams_waits_for_the_host_too() {
        let mut person = waits();
        assert_eq!(lobby_of(&person), Some(LobbyKind::Here));
        person.status = AdmissionStatus::Admitted;
        assert_eq!(lobby_of(&person), None);
        person.teams = Some(TeamsPresence::Lobby);
        assert_eq!(lobby_of(&person), Some(LobbyKind::Teams));
        assert_eq!(
            arrivals(&[(person.name.clone(), LobbyKind::Teams)], 2),
            "Ana Moreno is waiting in the lobby of the Teams meeting. Admit them in Teams."
        );
        person.teams = Some(TeamsPresence::In);
        assert_eq!(lobby_of(&person), None);
    }

    #[test]
    fn other_viewers_are_a_number() {
        assert_eq!(viewers(0), None);
        assert_eq!(viewers(1).as_deref(), Some("and 1 other viewer"));
        assert_eq!(viewers(37).as_deref(), Some("and 37 other viewers"));
    }

    #[test]
    fn closing_the_room_in_the_first_minutes_is_not_called_the_end() {
        assert!(ending(true).contains("The appointment stands"));
        assert!(ending(false).contains("cannot be opened again"));
        for role in [Role::Host, Role::Guest] {
            assert_ne!(over(EndReason::Ended, role, true), over(EndReason::Ended, role, false));
            assert_eq!(over(EndReason::Left, role, true), over(EndReason::Left, role, false));
        }
    }

    #[test]
    fn nobody_is_said_to_have_been_told_who_was_not() {
        let knows = |host_present, notified| {
            host_knows(&RoomView {
                host_present,
                notified,
                ..room(Vec::new())
            })
        };
        assert!(knows(true, Notified::Host).starts_with("Anna Keller is here"));
        assert!(knows(false, Notified::Host).starts_with("Anna Keller has been told"));
        assert!(knows(false, Notified::Colleague).starts_with("A colleague of Anna Keller has been told"));
        assert!(knows(false, Notified::Nobody).starts_with("Anna Keller will be told as soon as"));
    }

    #[test]
    fn a_place_is_told_as_people_before_you() {
        assert_eq!(position(1), "You are next.");
        assert_eq!(position(2), "One person is before you.");
        assert_eq!(position(4), "3 people are before you.");
    }
}
