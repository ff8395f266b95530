//! Where a participant stands, as the browser sees it: a plain state machine that knows no browser, so that its rules
//! are tested on the host.
//!
//! ```text
//! Prejoin → Joining → Lobby → Connecting → InCall → Over(why)
//!    ↑_________|  (the server did not take us: a sentence says why)
//! ```
//! A lost connection is not a stage: the screen stays as it is under a banner ([`Link`]), because most losses heal.

use anteroom_domain::visit::AdmissionStatus;
use anteroom_protocol::seat::Closed;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Name and devices; nothing has been sent. `notice` says why we are (back) here, if there is something to say.
    Prejoin {
        notice: Option<String>,
    },
    /// Join was pressed, or this tab came back with a seat: the server has not yet said where we stand.
    Joining,
    /// The same, with the seat of before; if it is given up meanwhile, another one is asked for.
    Rejoining,
    /// Waiting for the host.
    Lobby,
    /// Let in; sound and picture are being set up.
    Connecting,
    InCall,
    /// The seat is given up, for good as far as this page goes.
    Over(Why),
}

/// Why it is over, in the words that tests and screens use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Left,
    Ended,
    Declined,
    Removed,
    Replaced,
    /// The same, and this tab's seat is over with it.
    Rejoined,
    /// The connection was gone for longer than the seat is kept.
    Lost,
    /// Teams ended it, with its codes.
    Outside {
        code: i32,
        sub_code: i32,
    },
    /// We and the server do not understand each other; usually a page older than the server.
    Protocol,
}

/// Something that happened to a participant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    /// Join was pressed, or a seat was found in this tab.
    Joins,
    /// The server refused to give a seat; the sentence is for the person.
    JoinRefused(String),
    /// The server said where this visit stands.
    Stands(AdmissionStatus),
    /// Sound and picture flow.
    MediaUp,
    Closed(Closed),
    /// Reconnecting took longer than the seat is kept.
    GaveUp,
    /// The meeting outside is over for this participant.
    EndedOutside {
        code: i32,
        sub_code: i32,
    },
    /// The person left by their own button.
    Leaves,
    /// "Join again" on the last screen: with a new seat.
    Again,
    /// The same, with the seat that this tab still has.
    TakesUp,
    /// The built-in engine has no place for us; the sentence is for the person.
    NoPlace(String),
}

/// What [`Stage::next`] answers when the happening makes no sense in this stage: nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl Stage {
    /// The stage after `happening`.
    pub fn next(&self, transition: Transition) -> Result<Stage, Refused> {
        use Transition as H;
        Ok(match (self, transition) {
            (Stage::Prejoin { .. }, H::Joins) | (Stage::Over(_), H::Again) => Stage::Joining,
            (Stage::Over(why), H::TakesUp) if why.seat_survives() => Stage::Rejoining,
            (Stage::Joining, H::JoinRefused(text)) => Stage::Prejoin { notice: Some(text) },
            (Stage::Joining | Stage::Connecting | Stage::InCall, H::NoPlace(text)) => {
                Stage::Prejoin { notice: Some(text) }
            }

            // A seat that the server does not know any more is not an end: the person may join again.
            (Stage::Prejoin { .. } | Stage::Over(_), H::Closed(_)) => return Err(Refused),
            // Taken up again after the last screen: another seat will do, too.
            (Stage::Rejoining, H::Closed(Closed::BadToken | Closed::Rejoined)) => Stage::Joining,
            (_, H::Closed(Closed::BadToken)) => Stage::Prejoin {
                notice: Some(SEAT_GONE.into()),
            },
            // The client reconnects with the same token; the stage waits under a banner.
            (_, H::Closed(Closed::Restarting)) => return Err(Refused),
            (_, H::Closed(closed)) => Stage::Over(Why::of(closed)),

            (Stage::Joining | Stage::Rejoining | Stage::Lobby | Stage::Connecting | Stage::InCall, H::GaveUp) => {
                Stage::Over(Why::Lost)
            }
            (Stage::Joining | Stage::Rejoining | Stage::Lobby | Stage::Connecting | Stage::InCall, H::Leaves) => {
                Stage::Over(Why::Left)
            }

            (
                Stage::Joining | Stage::Rejoining | Stage::Connecting | Stage::InCall,
                H::Stands(AdmissionStatus::Waiting),
            ) => Stage::Lobby,
            (Stage::Joining | Stage::Rejoining | Stage::Lobby, H::Stands(AdmissionStatus::Admitted)) => {
                Stage::Connecting
            }
            (
                Stage::Joining | Stage::Rejoining | Stage::Lobby | Stage::Connecting | Stage::InCall,
                H::Stands(stand @ (AdmissionStatus::Declined | AdmissionStatus::Removed)),
            ) => Stage::Over(if stand == AdmissionStatus::Declined {
                Why::Declined
            } else {
                Why::Removed
            }),

            (Stage::Connecting | Stage::InCall, H::EndedOutside { code, sub_code }) => {
                Stage::Over(Why::Outside { code, sub_code })
            }

            (Stage::Connecting, H::MediaUp) => Stage::InCall,
            _ => return Err(Refused),
        })
    }

    /// Is this participant let in?
    pub fn in_room(&self) -> bool {
        matches!(self, Stage::Connecting | Stage::InCall)
    }

    /// The same in one word, for `data-stage` and for telling stages apart without their content.
    pub fn word(&self) -> &'static str {
        match self {
            Stage::Prejoin { .. } => "prejoin",
            Stage::Joining | Stage::Rejoining => "joining",
            Stage::Lobby => "lobby",
            Stage::Connecting | Stage::InCall => "call",
            Stage::Over(_) => "over",
        }
    }
}

const SEAT_GONE: &str =
    "Your place in this meeting was given up because you were away for too long. Please join again.";

impl Why {
    fn of(closed: Closed) -> Self {
        match closed {
            Closed::Replaced => Why::Replaced,
            Closed::Rejoined => Why::Rejoined,
            Closed::Declined => Why::Declined,
            Closed::Removed => Why::Removed,
            Closed::Ended => Why::Ended,
            Closed::Left => Why::Left,
            Closed::BadToken | Closed::Protocol | Closed::Restarting => Why::Protocol,
        }
    }

    /// The stable word of `data-why`.
    pub fn word(self) -> &'static str {
        match self {
            Why::Left => "left",
            Why::Ended => "ended",
            Why::Declined => "declined",
            Why::Removed => "removed",
            // One to whoever sits before it.
            Why::Replaced | Why::Rejoined => "replaced",
            Why::Lost => "lost",
            Why::Outside { .. } => "outside",
            Why::Protocol => "protocol",
        }
    }

    /// May the same seat be taken up again from the last screen?
    pub fn seat_survives(self) -> bool {
        matches!(self, Why::Replaced | Why::Lost)
    }
}

/// The signalling socket, as the banner shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    #[default]
    Up,
    /// Being reconnected; media may keep flowing meanwhile.
    Down,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(from: Stage, happenings: impl IntoIterator<Item = Transition>) -> Stage {
        happenings
            .into_iter()
            .fold(from, |stage, transition| stage.next(transition).unwrap_or(stage))
    }

    fn fresh() -> Stage {
        Stage::Prejoin { notice: None }
    }

    #[test]
    fn a_guest_goes_through_the_lobby_into_the_call_and_leaves() {
        let stage = walk(
            fresh(),
            [Transition::Joins, Transition::Stands(AdmissionStatus::Waiting)],
        );
        assert_eq!(stage, Stage::Lobby);
        let stage = walk(stage, [Transition::Stands(AdmissionStatus::Admitted)]);
        assert_eq!(stage, Stage::Connecting);
        let stage = walk(stage, [Transition::MediaUp]);
        assert_eq!(stage, Stage::InCall);
        assert_eq!(walk(stage, [Transition::Leaves]), Stage::Over(Why::Left));
    }

    #[test]
    fn a_host_is_in_at_once() {
        assert_eq!(
            walk(
                fresh(),
                [Transition::Joins, Transition::Stands(AdmissionStatus::Admitted)]
            ),
            Stage::Connecting
        );
    }

    #[test]
    fn a_room_that_says_the_same_again_changes_nothing() {
        assert_eq!(
            Stage::InCall.next(Transition::Stands(AdmissionStatus::Admitted)),
            Err(Refused)
        );
        assert_eq!(
            Stage::Lobby.next(Transition::Stands(AdmissionStatus::Waiting)),
            Err(Refused)
        );
    }

    #[test]
    fn a_refused_join_is_back_at_the_form_with_the_reason() {
        let stage = walk(fresh(), [Transition::Joins, Transition::JoinRefused("Not yet.".into())]);
        assert_eq!(
            stage,
            Stage::Prejoin {
                notice: Some("Not yet.".into())
            }
        );
    }

    #[test]
    fn a_dead_seat_leads_back_to_the_form_from_everywhere() {
        for stage in [Stage::Joining, Stage::Lobby, Stage::Connecting, Stage::InCall] {
            assert!(matches!(
                stage.next(Transition::Closed(Closed::BadToken)),
                Ok(Stage::Prejoin { notice: Some(_) })
            ));
        }
    }

    #[test]
    fn a_restarting_server_ends_nothing() {
        assert_eq!(Stage::InCall.next(Transition::Closed(Closed::Restarting)), Err(Refused));
    }

    #[test]
    fn removed_is_over_and_nothing_but_joining_again_leaves_that() {
        let over = walk(Stage::InCall, [Transition::Closed(Closed::Removed)]);
        assert_eq!(over, Stage::Over(Why::Removed));
        for transition in [
            Transition::Stands(AdmissionStatus::Admitted),
            Transition::MediaUp,
            Transition::GaveUp,
            Transition::Closed(Closed::Left),
            Transition::Joins,
        ] {
            assert_eq!(over.next(transition), Err(Refused));
        }
        assert_eq!(over.next(Transition::Again), Ok(Stage::Joining));
    }

    #[test]
    fn the_seat_survives_another_tab_and_a_lost_network_but_not_a_removal() {
        assert!(Why::Replaced.seat_survives() && Why::Lost.seat_survives());
        assert!(!Why::Removed.seat_survives() && !Why::Declined.seat_survives() && !Why::Ended.seat_survives());
    }

    #[test]
    fn a_window_that_takes_its_seat_back_asks_for_another_one_where_that_is_gone() {
        let over = walk(Stage::InCall, [Transition::Closed(Closed::Replaced)]);
        let back = walk(over.clone(), [Transition::TakesUp]);
        assert_eq!(
            back.next(Transition::Stands(AdmissionStatus::Admitted)),
            Ok(Stage::Connecting)
        );
        for closed in [Closed::BadToken, Closed::Rejoined] {
            assert_eq!(back.next(Transition::Closed(closed)), Ok(Stage::Joining));
        }
        assert_eq!(
            back.next(Transition::Closed(Closed::Declined)),
            Ok(Stage::Over(Why::Declined))
        );
        // A seat that is over is not tried again.
        let over = walk(Stage::InCall, [Transition::Closed(Closed::Rejoined)]);
        assert_eq!(over, Stage::Over(Why::Rejoined));
        assert_eq!(over.next(Transition::TakesUp), Err(Refused));
        assert_eq!(over.next(Transition::Again), Ok(Stage::Joining));
    }

    #[test]
    fn a_meeting_without_a_place_says_so_at_the_form() {
        let full = Transition::NoPlace("The meeting is full.".into());
        for stage in [Stage::Connecting, Stage::InCall] {
            assert_eq!(
                stage.next(full.clone()),
                Ok(Stage::Prejoin {
                    notice: Some("The meeting is full.".into())
                })
            );
        }
        assert_eq!(Stage::Over(Why::Left).next(full), Err(Refused));
    }

    #[test]
    fn nothing_but_an_admission_leads_into_the_room() {
        for stage in [fresh(), Stage::Joining, Stage::Lobby, Stage::Over(Why::Declined)] {
            for transition in [Transition::MediaUp, Transition::GaveUp, Transition::Again] {
                assert!(!walk(stage.clone(), [transition]).in_room());
            }
        }
    }
}
