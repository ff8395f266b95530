//! The sentences of a meeting: what a person reads for a state that the code knows as an enum.

use anteroom_domain::consultation::GRACE_MINUTES;
use anteroom_domain::visit::{AdmissionStatus, Role, TeamsPresence};
use anteroom_protocol::media::Quality;
use anteroom_protocol::seat::{Notified, Person, RoomView};

use super::participant::Participant;
use super::stage::{CallStage, EndReason};
use crate::escape::isolate;

/// "1 minute", "12 minutes"; under a minute "less than a minute": a lobby that counts seconds makes waiting longer.
pub fn waited(ms: i64) -> String {
    match ms.max(0) / 60_000 {
        0 => "less than a minute".into(),
        1 => "1 minute".into(),
        minutes if minutes < 60 => format!("{minutes} minutes"),
        minutes => format!("{} h {} min", minutes / 60, minutes % 60),
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
        0 | 1 => "You are next.".into(),
        2 => "One person is before you.".into(),
        n => format!("{} people are before you.", n - 1),
    }
}

/// The sentence for a host who is alone in the room.
pub fn alone(room: Option<&RoomView>) -> String {
    let waiting = room.map_or(0, |room| {
        let waits = |person: &&Person| person.status == AdmissionStatus::Waiting;
        room.people.iter().filter(waits).count()
    });
    match waiting {
        0 if room.is_some_and(|room| room.live_at.is_some()) => {
            "Everybody else has left. You will hear a sound when somebody comes back.".into()
        }
        0 => "Nobody else is here yet. You will hear a sound when a guest arrives.".into(),
        1 => "One guest is waiting to be admitted.".into(),
        n => format!("{n} guests are waiting to be admitted."),
    }
}

/// The sentence that tells a waiting guest who knows of them.
pub fn host_knows(room: &RoomView) -> String {
    let host = isolate(&room.host);
    match (room.host_present, room.notified) {
        (true, _) => format!("{host} is here and has been told that you are waiting."),
        (false, Notified::Host) => format!("{host} has been told that you are waiting and is not in the meeting yet."),
        (false, Notified::Colleague) => format!("A colleague of {host} has been told that you are waiting."),
        (false, Notified::Nobody) => {
            format!("{host} will be told as soon as they sign in. You can stay on this page.")
        }
    }
}

pub const RECONNECTING: &str = "The connection to the meeting was interrupted. Reconnecting…";
pub const INTERRUPTED: &str =
    "Your device has taken the microphone, perhaps for a phone call. The others can’t hear you until it gives it back.";
pub const SHARING: &str = "You are sharing your screen.";
pub const MUTED_SPEECH: &str = "You are muted while speaking.";

pub fn quality(quality: Quality) -> &'static str {
    match quality {
        Quality::Good => "Your connection is good.",
        Quality::Fair => "Your connection is fair: the picture may be less sharp.",
        Quality::Poor => "Your connection is poor: picture quality is reduced.",
        Quality::Lost => "Your connection is interrupted. Trying to get it back…",
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
        "Everybody leaves the meeting. The appointment stands, and both sides can come in again."
    } else {
        "Everybody leaves the meeting, and it cannot be opened again."
    }
}

/// Heading and explanation of the last screen.
pub fn over(why: EndReason, role: Role, room_only: bool) -> (&'static str, &'static str) {
    match (why, role) {
        (EndReason::Ended, Role::Host) if room_only => (
            "The room is closed",
            "Everybody has left it. The appointment stands: you can go in again.",
        ),
        (EndReason::Ended, _) if room_only => (
            "The host has closed the meeting",
            "Go to your appointment to see what comes next, or to come in again.",
        ),
        (EndReason::Left, Role::Host) => (
            "You left the meeting",
            "The others can go on without you. You can join again.",
        ),
        (EndReason::Left, _) => ("You left the meeting", "If that was a mistake, you can join again."),
        (EndReason::Ended, Role::Host) => ("The consultation has ended", "Everybody has left the meeting."),
        (EndReason::Ended, _) => ("The consultation has ended", "Thank you for your time."),
        (EndReason::Declined, _) => (
            "You were not let in this time",
            "The host did not admit you to this meeting. If you think this is a mistake, please contact them.",
        ),
        (EndReason::Removed, Role::Host) => (
            "You are no longer in this meeting",
            "Your account may not host it any more. Ask an administrator if you think this is a mistake.",
        ),
        (EndReason::Removed, _) => (
            "You are no longer in this meeting",
            "The host has taken you out of the meeting. If you think this is a mistake, please contact them.",
        ),
        (EndReason::Replaced | EndReason::Rejoined, _) => (
            "You are in this meeting somewhere else",
            "The meeting was opened in another window or on another device. You can bring it back to this one.",
        ),
        (EndReason::Lost, _) => (
            "The connection was lost",
            "Your device was offline for too long. Check its connection, then join again.",
        ),
        // The codes lead to the sentence.
        (EndReason::External { .. }, _) => ("The Teams meeting is over for you", ""),
        (EndReason::Protocol, _) => (
            "This page is out of date",
            "The server did not understand this page. Reload it, then join again.",
        ),
    }
}

/// "Ana Moreno (you, host)".
pub fn name_with_role(person: &Participant, you: bool) -> String {
    format!("{}{}", isolate(&person.name), role_note(person, you))
}

/// The note after a name: " (you, host)".
pub fn role_note(person: &Participant, you: bool) -> &'static str {
    match (person.role, you) {
        (Role::Host, true) => " (you, host)",
        (Role::Host, false) => " (host)",
        (Role::Attendee, true) => " (you, viewer)",
        (Role::Attendee, false) => " (viewer)",
        (Role::Guest, true) => " (you)",
        (Role::Guest, false) => "",
    }
}

/// The line after the list of people that counts the viewers who are not in it.
pub fn viewers(others: u32) -> Option<String> {
    match others {
        0 => None,
        1 => Some("and 1 other viewer".into()),
        n => Some(format!("and {n} other viewers")),
    }
}

/// The word for a guest whom the host may allow to ask again.
pub fn turned_away(status: AdmissionStatus) -> Option<&'static str> {
    match status {
        AdmissionStatus::Declined => Some("not admitted"),
        AdmissionStatus::Removed => Some("removed"),
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
        [(one, LobbyKind::Here)] => format!("{} is waiting to be let in.", isolate(one)),
        [(one, LobbyKind::Teams)] => {
            let one = isolate(one);
            format!("{one} is waiting in the lobby of the Teams meeting. Admit them in Teams.")
        }
        _ => format!("{waiting} people are waiting to be let in."),
    }
}

/// The text of the notification.
pub fn arrived(new: usize) -> String {
    match new {
        1 => "a guest has arrived in the lobby.".into(),
        n => format!("{n} guests have arrived in the lobby."),
    }
}

/// The note before the title of the tab, for a person who looks at another tab.
pub fn title_note(stage: &CallStage, waiting: usize, room: Option<&RoomView>, in_external_lobby: bool) -> String {
    match stage {
        CallStage::Lobby => match room.map(|room| room.you.position) {
            Some(position @ 2..) => format!("Waiting (place {position}) · "),
            _ => "Waiting · ".to_owned(),
        },
        CallStage::Connecting | CallStage::InCall if waiting > 0 => format!("({waiting} waiting) "),
        CallStage::Connecting if in_external_lobby => "Waiting in Teams · ".to_owned(),
        CallStage::Connecting => "Connecting · ".to_owned(),
        CallStage::InCall => "In call · ".to_owned(),
        CallStage::Over(_) => "Meeting over · ".to_owned(),
        CallStage::Prejoin { .. } | CallStage::Joining | CallStage::Rejoining => String::new(),
    }
}

/// What a screen reader says when the stage changes.
pub fn stage_announcement(before: &CallStage, stage: &CallStage) -> Option<&'static str> {
    match stage {
        CallStage::Prejoin { .. } => None,
        CallStage::Joining | CallStage::Rejoining => Some("Joining the meeting."),
        CallStage::Lobby => Some("You are in the lobby. You will be let in from here."),
        CallStage::Connecting if *before == CallStage::Lobby => {
            Some("You have been let in. Connecting to the meeting.")
        }
        CallStage::Connecting => Some("Connecting to the meeting."),
        CallStage::InCall => Some("You are in the call."),
        CallStage::Over(_) => Some("The meeting is over for you."),
    }
}

/// Why this browser cannot carry a meeting, and what helps.
pub fn cant_meet(host: bool) -> &'static str {
    if host {
        "WebRTC is switched off in it, by a setting, an extension or your organisation. Open this page in another browser \
         or on another device."
    } else {
        "WebRTC is switched off in it: Lockdown Mode on an iPhone does that, and so do some extensions and employers. Open \
         your link in another browser or on another device. If you have no other, call the branch that you have the \
         appointment with."
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
        assert_eq!(arrived(1), "a guest has arrived in the lobby.");
        assert_eq!(arrived(3), "3 guests have arrived in the lobby.");
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
