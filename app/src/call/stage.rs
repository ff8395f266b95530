//! The stage of a participant's call: pre-join, lobby, call, last screen. A plain state machine that knows no browser, so
//! that its rules are tested on the host.
//!
//! ```text
//! Prejoin → Joining → Lobby → Connecting → InCall → Over(why)
//!    ↑_________|  (the server gave no seat: a sentence says why)
//! ```
//! A lost connection is no stage: the screen stays under a banner ([`SocketState`]), because most losses heal.

use anteroom_domain::visit::AdmissionStatus;
use anteroom_protocol::seat::Closed;

/// The stage of the call: it decides which screen the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallStage {
    /// The form with name and devices; nothing has been sent. `notice` says why the person is back at it.
    Prejoin {
        notice: Option<String>,
    },
    /// Join was pressed, or this tab came back with a seat. The server has not yet said the visit's status.
    Joining,
    /// Like `Joining`, with the seat of before the last screen; if that is gone, the page asks for a new one.
    Rejoining,
    /// The guest waits for the host.
    Lobby,
    /// The participant is admitted; sound and picture are being set up.
    Connecting,
    InCall,
    /// The participant has left or was put out.
    Over(EndReason),
}

/// The reason why the call is over, in the words that tests and screens use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    Left,
    Ended,
    Declined,
    Removed,
    Replaced,
    /// Like `Replaced`, and this tab's seat is over.
    Rejoined,
    /// The connection was gone for longer than the server keeps a seat.
    Lost,
    /// The external meeting ended the call, with its own codes.
    External {
        code: i32,
        sub_code: i32,
    },
    /// Page and server do not understand each other; usually the page is older than the server.
    Protocol,
}

/// An input of the state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    /// Join was pressed, or a seat was found in this tab.
    Joins,
    /// The server refused to give a seat; the sentence is for the person.
    JoinRefused(String),
    /// The server said the visit's admission status.
    Status(AdmissionStatus),
    /// Sound and picture flow.
    MediaUp,
    Closed(Closed),
    /// Reconnecting took longer than the server keeps a seat.
    GaveUp,
    /// The external meeting is over for this participant.
    ExternalEnded {
        code: i32,
        sub_code: i32,
    },
    /// The person left by their own button.
    Leaves,
    /// "Join again" on the last screen, with a new seat.
    Again,
    /// "Join again" with the seat that this tab still has.
    TakesUp,
    /// The engine's room is full; the sentence is for the person.
    NoPlace(String),
}

/// A transition that makes no sense in this stage: nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTransition;

impl CallStage {
    /// The stage after a transition.
    pub fn next(&self, transition: Transition) -> Result<CallStage, InvalidTransition> {
        use Transition as T;
        Ok(match (self, transition) {
            (CallStage::Prejoin { .. }, T::Joins) | (CallStage::Over(_), T::Again) => CallStage::Joining,
            (CallStage::Over(why), T::TakesUp) if why.seat_survives() => CallStage::Rejoining,
            (CallStage::Joining, T::JoinRefused(text)) => CallStage::Prejoin { notice: Some(text) },
            (CallStage::Joining | CallStage::Connecting | CallStage::InCall, T::NoPlace(text)) => {
                CallStage::Prejoin { notice: Some(text) }
            }

            // A seat that the server no longer knows is no end: the person may join again.
            (CallStage::Prejoin { .. } | CallStage::Over(_), T::Closed(_)) => return Err(InvalidTransition),
            // Back from the last screen, where a new seat will do, too.
            (CallStage::Rejoining, T::Closed(Closed::BadToken | Closed::Rejoined)) => CallStage::Joining,
            (_, T::Closed(Closed::BadToken)) => CallStage::Prejoin {
                notice: Some(t!(guest::prejoin::seat_gone).to_owned()),
            },
            // The client reconnects with the same token; the stage waits under a banner.
            (_, T::Closed(Closed::Restarting)) => return Err(InvalidTransition),
            (_, T::Closed(closed)) => CallStage::Over(EndReason::of(closed)),

            (
                CallStage::Joining
                | CallStage::Rejoining
                | CallStage::Lobby
                | CallStage::Connecting
                | CallStage::InCall,
                T::GaveUp,
            ) => CallStage::Over(EndReason::Lost),
            (
                CallStage::Joining
                | CallStage::Rejoining
                | CallStage::Lobby
                | CallStage::Connecting
                | CallStage::InCall,
                T::Leaves,
            ) => CallStage::Over(EndReason::Left),

            (
                CallStage::Joining | CallStage::Rejoining | CallStage::Connecting | CallStage::InCall,
                T::Status(AdmissionStatus::Waiting),
            ) => CallStage::Lobby,
            (CallStage::Joining | CallStage::Rejoining | CallStage::Lobby, T::Status(AdmissionStatus::Admitted)) => {
                CallStage::Connecting
            }
            (
                CallStage::Joining
                | CallStage::Rejoining
                | CallStage::Lobby
                | CallStage::Connecting
                | CallStage::InCall,
                T::Status(status @ (AdmissionStatus::Declined | AdmissionStatus::Removed)),
            ) => CallStage::Over(if status == AdmissionStatus::Declined {
                EndReason::Declined
            } else {
                EndReason::Removed
            }),

            (CallStage::Connecting | CallStage::InCall, T::ExternalEnded { code, sub_code }) => {
                CallStage::Over(EndReason::External { code, sub_code })
            }

            (CallStage::Connecting, T::MediaUp) => CallStage::InCall,
            _ => return Err(InvalidTransition),
        })
    }

    /// Is this participant admitted?
    pub fn in_room(&self) -> bool {
        matches!(self, CallStage::Connecting | CallStage::InCall)
    }

    /// The stage as one word, for `data-stage` and for telling screens apart without their content.
    pub fn word(&self) -> &'static str {
        match self {
            CallStage::Prejoin { .. } => "prejoin",
            CallStage::Joining | CallStage::Rejoining => "joining",
            CallStage::Lobby => "lobby",
            CallStage::Connecting | CallStage::InCall => "call",
            CallStage::Over(_) => "over",
        }
    }
}

impl EndReason {
    fn of(closed: Closed) -> Self {
        match closed {
            Closed::Replaced => EndReason::Replaced,
            Closed::Rejoined => EndReason::Rejoined,
            Closed::Declined => EndReason::Declined,
            Closed::Removed => EndReason::Removed,
            Closed::Ended => EndReason::Ended,
            Closed::Left => EndReason::Left,
            Closed::BadToken | Closed::Protocol | Closed::Restarting => EndReason::Protocol,
        }
    }

    /// The stable word of `data-why`.
    pub fn word(self) -> &'static str {
        match self {
            EndReason::Left => "left",
            EndReason::Ended => "ended",
            EndReason::Declined => "declined",
            EndReason::Removed => "removed",
            // To the person before the screen both are the same.
            EndReason::Replaced | EndReason::Rejoined => "replaced",
            EndReason::Lost => "lost",
            EndReason::External { .. } => "outside",
            EndReason::Protocol => "protocol",
        }
    }

    /// May the same seat be taken up again from the last screen?
    pub fn seat_survives(self) -> bool {
        matches!(self, EndReason::Replaced | EndReason::Lost)
    }
}

/// The state of the signalling socket, as the banner shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SocketState {
    #[default]
    Connected,
    /// Media may keep flowing meanwhile.
    Reconnecting,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(from: CallStage, transitions: impl IntoIterator<Item = Transition>) -> CallStage {
        transitions
            .into_iter()
            .fold(from, |stage, transition| stage.next(transition).unwrap_or(stage))
    }

    fn fresh() -> CallStage {
        CallStage::Prejoin { notice: None }
    }

    #[test]
    fn a_guest_goes_through_the_lobby_into_the_call_and_leaves() {
        let stage = walk(
            fresh(),
            [Transition::Joins, Transition::Status(AdmissionStatus::Waiting)],
        );
        assert_eq!(stage, CallStage::Lobby);
        let stage = walk(stage, [Transition::Status(AdmissionStatus::Admitted)]);
        assert_eq!(stage, CallStage::Connecting);
        let stage = walk(stage, [Transition::MediaUp]);
        assert_eq!(stage, CallStage::InCall);
        assert_eq!(walk(stage, [Transition::Leaves]), CallStage::Over(EndReason::Left));
    }

    #[test]
    fn a_host_is_in_at_once() {
        assert_eq!(
            walk(
                fresh(),
                [Transition::Joins, Transition::Status(AdmissionStatus::Admitted)]
            ),
            CallStage::Connecting
        );
    }

    #[test]
    fn a_room_that_says_the_same_again_changes_nothing() {
        assert_eq!(
            CallStage::InCall.next(Transition::Status(AdmissionStatus::Admitted)),
            Err(InvalidTransition)
        );
        assert_eq!(
            CallStage::Lobby.next(Transition::Status(AdmissionStatus::Waiting)),
            Err(InvalidTransition)
        );
    }

    #[test]
    fn a_refused_join_is_back_at_the_form_with_the_reason() {
        let stage = walk(fresh(), [Transition::Joins, Transition::JoinRefused("Not yet.".into())]);
        assert_eq!(
            stage,
            CallStage::Prejoin {
                notice: Some("Not yet.".into())
            }
        );
    }

    #[test]
    fn a_dead_seat_leads_back_to_the_form_from_everywhere() {
        for stage in [
            CallStage::Joining,
            CallStage::Lobby,
            CallStage::Connecting,
            CallStage::InCall,
        ] {
            assert!(matches!(
                stage.next(Transition::Closed(Closed::BadToken)),
                Ok(CallStage::Prejoin { notice: Some(_) })
            ));
        }
    }

    #[test]
    fn a_restarting_server_ends_nothing() {
        assert_eq!(
            CallStage::InCall.next(Transition::Closed(Closed::Restarting)),
            Err(InvalidTransition)
        );
    }

    #[test]
    fn removed_is_over_and_nothing_but_joining_again_leaves_that() {
        let over = walk(CallStage::InCall, [Transition::Closed(Closed::Removed)]);
        assert_eq!(over, CallStage::Over(EndReason::Removed));
        for transition in [
            Transition::Status(AdmissionStatus::Admitted),
            Transition::MediaUp,
            Transition::GaveUp,
            Transition::Closed(Closed::Left),
            Transition::Joins,
        ] {
            assert_eq!(over.next(transition), Err(InvalidTransition));
        }
        assert_eq!(over.next(Transition::Again), Ok(CallStage::Joining));
    }

    #[test]
    fn the_seat_survives_another_tab_and_a_lost_network_but_not_a_removal() {
        assert!(EndReason::Replaced.seat_survives() && EndReason::Lost.seat_survives());
        assert!(
            !EndReason::Removed.seat_survives()
                && !EndReason::Declined.seat_survives()
                && !EndReason::Ended.seat_survives()
        );
    }

    #[test]
    fn a_window_that_takes_its_seat_back_asks_for_another_one_where_that_is_gone() {
        let over = walk(CallStage::InCall, [Transition::Closed(Closed::Replaced)]);
        let back = walk(over.clone(), [Transition::TakesUp]);
        assert_eq!(
            back.next(Transition::Status(AdmissionStatus::Admitted)),
            Ok(CallStage::Connecting)
        );
        for closed in [Closed::BadToken, Closed::Rejoined] {
            assert_eq!(back.next(Transition::Closed(closed)), Ok(CallStage::Joining));
        }
        assert_eq!(
            back.next(Transition::Closed(Closed::Declined)),
            Ok(CallStage::Over(EndReason::Declined))
        );
        // A seat that is over is not tried again.
        let over = walk(CallStage::InCall, [Transition::Closed(Closed::Rejoined)]);
        assert_eq!(over, CallStage::Over(EndReason::Rejoined));
        assert_eq!(over.next(Transition::TakesUp), Err(InvalidTransition));
        assert_eq!(over.next(Transition::Again), Ok(CallStage::Joining));
    }

    #[test]
    fn a_meeting_without_a_place_says_so_at_the_form() {
        let full = Transition::NoPlace("The meeting is full.".into());
        for stage in [CallStage::Connecting, CallStage::InCall] {
            assert_eq!(
                stage.next(full.clone()),
                Ok(CallStage::Prejoin {
                    notice: Some("The meeting is full.".into())
                })
            );
        }
        assert_eq!(CallStage::Over(EndReason::Left).next(full), Err(InvalidTransition));
    }

    #[test]
    fn nothing_but_an_admission_leads_into_the_room() {
        for stage in [
            fresh(),
            CallStage::Joining,
            CallStage::Lobby,
            CallStage::Over(EndReason::Declined),
        ] {
            for transition in [Transition::MediaUp, Transition::GaveUp, Transition::Again] {
                assert!(!walk(stage.clone(), [transition]).in_room());
            }
        }
    }
}
