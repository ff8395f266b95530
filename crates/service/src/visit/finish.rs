use anteroom_domain::consultation::{Consultation, Side, State};
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::id::ConsultationId;
use anteroom_domain::visit::{EndCause, Role, Visit};
use jiff::Timestamp;
use tracing::instrument;

use crate::transaction::Transaction;
use crate::{Actor, Result, UseCases};

impl UseCases {
    /// This participant leaves of their own will.
    #[instrument(skip_all)]
    pub async fn leave(&self, actor: &Actor) -> Result<()> {
        let id = actor.participant()?.id.visit;
        let mut tx = self.begin(actor).await?;
        let Some(visit) = tx.visit(id).await?.filter(|visit| !visit.is_over()) else {
            return Ok(());
        };
        self.end_visit(&mut tx, visit, self.now(), EndCause::Left).await?;
        tx.commit().await
    }

    /// The host ends it for everyone. What was live has ended, when both sides were last in; what never became live is
    /// missed, if its time of grace is over; before that the room is only closed, and the appointment stands.
    #[instrument(skip_all)]
    pub async fn end(&self, actor: &Actor) -> Result<()> {
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        let host = self.hosting(&mut tx, actor).await?;
        let before = tx.consultation(host.consultation).await?;
        let visits = tx.visits(before.id).await?;
        let after = match before.state {
            State::Live => Some((
                Consultation {
                    state: before.state.end()?,
                    ended_at: Some(last_together(&before, &visits, now)),
                    ..before.clone()
                },
                EventKind::Ended,
            )),
            // Scheduled: the host came early, and nobody else since.
            State::Scheduled | State::Open if now >= before.grace_until() => {
                let side = missed_side(&visits, before.moved_at);
                Some((
                    Consultation {
                        state: before.state.miss(side)?,
                        ..before.clone()
                    },
                    EventKind::Missed { side },
                ))
            }
            _ => None,
        };
        self.end_visits(&mut tx, before.id, now, EndCause::Ended).await?;
        if let Some((after, kind)) = after {
            tx.save_consultation(&after, None).await?;
            tx.record(NewEvent::of(after.ended_at.unwrap_or(now), after.id, kind))
                .await?;
            tx.delete_messages(after.id).await?;
        }
        tx.end_meeting(before.id);
        tx.commit().await
    }

    pub(crate) async fn end_visit(
        &self,
        tx: &mut Transaction,
        visit: Visit,
        at: Timestamp,
        cause: EndCause,
    ) -> Result<()> {
        let (id, consultation) = (visit.id, visit.consultation);
        tx.evict(&visit);
        let event = NewEvent::of(at, visit.consultation, EventKind::Left { cause })
            .guest(visit.guest)
            .visit(visit.id)
            .account(visit.account);
        tx.save_visit(&Visit {
            left_at: Some(at),
            end_cause: Some(cause),
            ..visit
        })
        .await?;
        // From this moment on, and even after a crash, what was made for them outside is to be deleted.
        tx.delete_identities(id, consultation).await?;
        tx.record(event).await
    }

    /// Ends every open visit of a consultation.
    pub(crate) async fn end_visits(
        &self,
        tx: &mut Transaction,
        consultation: ConsultationId,
        at: Timestamp,
        cause: EndCause,
    ) -> Result<()> {
        for visit in tx.visits(consultation).await? {
            if !visit.is_over() {
                self.end_visit(tx, visit, at, cause).await?;
            }
        }
        Ok(())
    }
}

/// Which side missed a consultation that never went live. Who came before it was moved to this time came for another.
pub(super) fn missed_side(visits: &[Visit], moved_at: Option<Timestamp>) -> Side {
    let counts = |visit: &&Visit| moved_at.is_none_or(|moved| moved <= visit.arrived_at);
    let guests = || visits.iter().filter(counts).filter(|visit| visit.role != Role::Host);
    let hosts = || visits.iter().filter(counts).filter(|visit| visit.role == Role::Host);
    let gone = |visit: &Visit| visit.left_at.unwrap_or(Timestamp::MAX);
    // In Teams' lobby they waited as in ours: who never let them in is the host.
    let let_in = |visit: &&Visit| visit.admitted_at.is_some() && !visit.waited_in_teams();
    // A rule may have let them in where nobody was. On Teams the clerk is in their own client; the guest's saw them.
    let host_was_there = |guest: &Visit| {
        let from = guest.admitted_at.unwrap_or(guest.arrived_at);
        guest.saw_host_in_teams() || hosts().any(|host| host.arrived_at <= gone(guest) && from <= gone(host))
    };
    if guests().filter(let_in).any(host_was_there) {
        return Side::Technical;
    }
    let last_host_left = hosts().map(gone).max();
    let in_time = |visit: &Visit| last_host_left.is_none_or(|left| visit.arrived_at <= left);
    if guests().any(in_time) { Side::Host } else { Side::Guest }
}

/// When both sides were last in, by `now`. On Teams a guest is never in alone, and the clerk's side is not seen.
pub(super) fn last_together(consultation: &Consultation, visits: &[Visit], now: Timestamp) -> Timestamp {
    let stays = |host: bool| {
        visits
            .iter()
            .filter(move |visit| (visit.role == Role::Host) == host)
            .filter_map(move |visit| Some((visit.media_at?, visit.gone_at().unwrap_or(now))))
    };
    let until = if consultation.engine.seats_hosts() {
        stays(false)
            .flat_map(|guest| stays(true).map(move |host| (guest.0.max(host.0), guest.1.min(host.1))))
            .filter(|(from, until)| from <= until)
            .map(|(_, until)| until)
            .max()
    } else {
        stays(false).map(|(_, until)| until).max()
    };
    // Live since then, both were in then.
    until.or(consultation.live_at).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anteroom_domain::id::{AccountId, BranchId, GuestId, ServiceId, VisitId};
    use anteroom_domain::organisation::Engine;
    use anteroom_domain::time::Zone;
    use anteroom_domain::visit::TeamsStay;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn consultation(engine: Engine) -> Consultation {
        Consultation {
            id: ConsultationId(1),
            service: ServiceId(1),
            branch: BranchId(1),
            host: AccountId(1),
            engine,
            starts_at: at(600),
            ends_at: at(2_400),
            zone: Zone::utc(),
            notes: String::new(),
            state: State::Open,
            cancel_reason: String::new(),
            cancelled_at: None,
            opened_at: None,
            live_at: None,
            ended_at: None,
            moved_from: None,
            moved_at: None,
            created_at: at(0),
            outcome: String::new(),
            conclusion: None,
            meeting: None,
            webinar: false,
        }
    }

    fn visit(role: Role, arrived: i64, admitted: Option<i64>, left: Option<i64>) -> Visit {
        Visit {
            id: VisitId(1),
            consultation: ConsultationId(1),
            guest: (role != Role::Host).then_some(GuestId(1)),
            account: (role == Role::Host).then_some(AccountId(1)),
            role,
            name: "x".into(),
            arrived_at: at(arrived),
            admitted_at: admitted.map(at),
            lobby_since: None,
            waited: None,
            media_at: None,
            left_at: left.map(at),
            end_cause: left.map(|_| EndCause::Left),
            disconnected_at: None,
            teams: None,
        }
    }

    /// With a media connection for as long as they were there.
    fn stay(role: Role, from: i64, left: Option<i64>) -> Visit {
        Visit {
            media_at: Some(at(from)),
            ..visit(role, from, Some(from), left)
        }
    }

    fn missed(visits: &[Visit]) -> Side {
        missed_side(visits, None)
    }

    #[test]
    fn a_guest_who_did_not_come_missed_it_whoever_else_was_there() {
        assert_eq!(missed(&[]), Side::Guest);
        assert_eq!(missed(&[visit(Role::Host, 0, Some(0), Some(900))]), Side::Guest);
    }

    #[test]
    fn a_guest_who_waited_was_missed_by_the_host() {
        let guest = visit(Role::Guest, 0, None, Some(900));
        assert_eq!(missed(std::slice::from_ref(&guest)), Side::Host);
        let host_came_later = visit(Role::Host, 1000, Some(1000), Some(1100));
        assert_eq!(missed(&[guest, host_came_later]), Side::Host);
    }

    #[test]
    fn a_guest_who_came_when_the_host_had_gone_missed_it() {
        let host = visit(Role::Host, 0, Some(0), Some(900));
        assert_eq!(missed(&[host, visit(Role::Guest, 1000, None, Some(1100))]), Side::Guest);
    }

    #[test]
    fn let_in_without_media_is_technical() {
        let host = visit(Role::Host, 0, Some(0), None);
        assert_eq!(
            missed(&[host, visit(Role::Guest, 10, Some(20), Some(30))]),
            Side::Technical
        );
    }

    #[test]
    fn who_was_left_in_teams_lobby_was_missed_by_the_host_even_if_they_gave_up_later() {
        let waited = Visit {
            teams: Some(TeamsStay {
                waited: true,
                ..TeamsStay::JOINING
            }),
            ..visit(Role::Guest, 0, Some(0), Some(900))
        };
        assert_eq!(missed_side(std::slice::from_ref(&waited), None), Side::Host);
        let host = visit(Role::Host, 0, Some(0), None);
        assert_eq!(missed_side(&[waited, host], None), Side::Host);
    }

    #[test]
    fn whom_a_rule_let_in_was_missed_by_a_host_who_was_never_there() {
        let silent = visit(Role::Guest, 0, Some(0), Some(900));
        assert_eq!(missed_side(std::slice::from_ref(&silent), None), Side::Host);
        let host = visit(Role::Host, 0, Some(0), None);
        assert_eq!(missed_side(&[silent.clone(), host], None), Side::Technical);
        let saw_them = Visit {
            teams: Some(TeamsStay {
                hosted: true,
                ..TeamsStay::JOINING
            }),
            ..silent
        };
        assert_eq!(missed_side(&[saw_them], None), Side::Technical);
    }

    #[test]
    fn viewers_whom_a_rule_let_in_were_missed_by_a_host_who_was_never_in_with_them() {
        let viewer = visit(Role::Attendee, 0, Some(0), Some(900));
        assert_eq!(missed(std::slice::from_ref(&viewer)), Side::Host);
        let too_late = visit(Role::Host, 1000, Some(1000), Some(1100));
        assert_eq!(missed(&[viewer.clone(), too_late]), Side::Host);
        let with_them = visit(Role::Host, 500, Some(500), Some(1100));
        assert_eq!(missed(&[viewer, with_them]), Side::Technical);
    }

    #[test]
    fn who_came_for_the_time_before_it_was_moved_does_not_count() {
        let early = visit(Role::Guest, 0, None, Some(900));
        let moved = Some(at(1_000));
        assert_eq!(missed_side(std::slice::from_ref(&early), moved), Side::Guest);
        assert_eq!(
            missed_side(&[early, visit(Role::Guest, 2_000, None, Some(2_900))], moved),
            Side::Host
        );
    }

    #[test]
    fn both_were_last_in_when_the_first_of_the_last_pair_left() {
        let builtin = consultation(Engine::Builtin);
        let visits = [
            stay(Role::Host, 0, Some(5_000)),
            stay(Role::Guest, 100, Some(200)),
            stay(Role::Guest, 300, Some(400)),
            // Only waited.
            visit(Role::Guest, 900, None, Some(1_000)),
        ];
        assert_eq!(last_together(&builtin, &visits, at(9_000)), at(400));
        let reopened = [
            stay(Role::Host, 0, Some(500)),
            stay(Role::Host, 800, None),
            stay(Role::Guest, 100, None),
        ];
        assert_eq!(last_together(&builtin, &reopened, at(9_000)), at(9_000));
        assert_eq!(last_together(&builtin, &reopened[..1], at(9_000)), at(9_000));
    }

    #[test]
    fn on_teams_the_last_guest_decides() {
        let teams = consultation(Engine::Teams);
        let visits = [stay(Role::Guest, 100, Some(200)), stay(Role::Attendee, 150, Some(700))];
        assert_eq!(last_together(&teams, &visits, at(9_000)), at(700));
    }
}
