use std::collections::{BTreeMap, BTreeSet};

use anteroom_domain::consultation::Consultation;
use anteroom_domain::id::{AccountId, BranchId, ConsultationId, GuestId, VisitId};
use anteroom_domain::text::fold;
use anteroom_domain::visit::{AdmissionStatus, EndCause, Role, Visit};
use anteroom_protocol::seat::{Closed, Notified, Person, RoomView, You};
use jiff::Timestamp;
use tracing::instrument;

use crate::port::{Change, RoomVisit};
use crate::{Error, Result, UseCases};

/// What a participant may see, and whose room it is.
#[derive(Clone, Debug)]
pub struct Room {
    /// What the participant may see of the room.
    pub view: RoomView,
    /// The account of the consultation's host.
    pub host: AccountId,
    /// The consultation's branch.
    pub branch: BranchId,
}

/// Everything that anybody may see of a room, read once for all who are in it.
#[derive(Clone, Debug)]
pub struct WholeRoom {
    consultation: Consultation,
    service: String,
    host: String,
    visits: Vec<RoomVisit>,
    now: Timestamp,
}

impl UseCases {
    /// Reads the room of a consultation. What each participant may see of it, [`WholeRoom::seen_by`] says.
    /// [`Error::NotFound`] if there is no such consultation.
    #[instrument(skip_all, fields(consultation.id = %id))]
    pub async fn whole_room(&self, id: ConsultationId) -> Result<WholeRoom> {
        let now = self.now();
        let mut reads = self.0.store.read().await?;
        let consultation = reads.consultation(id).await?.ok_or(Error::NotFound)?;
        let mut visits = reads.room_visits(id).await?;
        keep_contacts_of_namesakes(&mut visits);
        Ok(WholeRoom {
            service: reads.service(consultation.service).await?.ok_or(Error::NotFound)?.name,
            host: reads.account(consultation.host).await?.ok_or(Error::NotFound)?.name,
            visits,
            consultation,
            now,
        })
    }

    /// Why there is no room for them any more; None where there is.
    #[instrument(skip_all, fields(visit.id = %id))]
    pub async fn why_out(&self, id: VisitId) -> Result<Option<Closed>> {
        let visit = self.0.store.read().await?.visit(id).await?.ok_or(Error::NotFound)?;
        Ok(visit.end_cause.map(closed))
    }
}

/// Who is told apart by their name needs nothing else for it.
fn keep_contacts_of_namesakes(visits: &mut [RoomVisit]) {
    let mut named: BTreeMap<&str, BTreeSet<GuestId>> = BTreeMap::new();
    let names: Vec<String> = visits.iter().map(|there| fold(&there.visit.name)).collect();
    for (name, there) in names.iter().zip(&*visits) {
        named.entry(name).or_default().extend(there.visit.guest);
    }
    for (name, there) in names.iter().zip(visits) {
        if named.get(name.as_str()).is_none_or(|guests| guests.len() < 2) {
            there.contact = None;
        }
    }
}

impl WholeRoom {
    /// The room as this participant may see it; None where they are not in it any more. What each shows (microphone,
    /// camera, screen) and who of staff was told is left out: only sockets know.
    pub fn seen_by(&self, id: VisitId) -> Option<Room> {
        let Self {
            consultation, visits, ..
        } = self;
        let you = visits.iter().map(|there| &there.visit).find(|visit| visit.id == id)?;
        if you.is_over() {
            return None;
        }
        let is_in = |visit: &Visit| !visit.is_over() && visit.admitted_at.is_some();
        let visible = |visit: &Visit| match (you.role, you.status()) {
            (Role::Host, _) => true,
            (Role::Guest, AdmissionStatus::Admitted) => is_in(visit),
            // Who else watches a launch is nobody's business but the host's.
            (Role::Attendee, AdmissionStatus::Admitted) => {
                is_in(visit) && (visit.role != Role::Attendee || visit.id == you.id)
            }
            _ => false,
        };
        let viewers = match (you.role, you.status()) {
            (Role::Attendee, AdmissionStatus::Admitted) => {
                let others = visits.iter().map(|there| &there.visit);
                others.filter(|visit| is_in(visit) && !visible(visit)).count()
            }
            _ => 0,
        };
        let is_host = you.role == Role::Host;
        let person = |RoomVisit {
                          visit,
                          invited,
                          contact,
                      }: &RoomVisit| Person {
            visit: visit.id,
            guest: visit.guest,
            name: visit.name.clone(),
            invited: invited.clone().filter(|invited| is_host && *invited != visit.name),
            contact: contact.clone().filter(|_| is_host),
            role: visit.role,
            status: visit.status(),
            arrived_at: visit.arrived_at.as_millisecond(),
            connected: !visit.is_over() && visit.disconnected_at.is_none(),
            media: visit.media_at.is_some(),
            microphone: false,
            camera: false,
            screen: false,
            teams: visit.teams.map(|stay| stay.presence),
        };
        let waiting = visits
            .iter()
            .map(|there| &there.visit)
            .filter(|visit| visit.is_waiting());
        let place = if you.is_waiting() {
            1 + waiting
                .filter(|other| (other.arrived_at, other.id) < (you.arrived_at, you.id))
                .count()
        } else {
            0
        };
        let view = RoomView {
            consultation: consultation.id,
            service: self.service.clone(),
            host: self.host.clone(),
            starts_at: consultation.starts_at.as_millisecond(),
            ends_at: consultation.ends_at.as_millisecond(),
            people: visits
                .iter()
                .filter(|there| visible(&there.visit))
                .map(person)
                .collect(),
            viewers: u32::try_from(viewers).unwrap_or(u32::MAX),
            host_present: visits
                .iter()
                .map(|there| &there.visit)
                .any(|visit| visit.role == Role::Host && !visit.is_over() && visit.disconnected_at.is_none()),
            notified: Notified::Nobody,
            live_at: consultation.live_at.map(Timestamp::as_millisecond),
            you: You {
                visit: you.id,
                role: you.role,
                status: you.status(),
                position: u32::try_from(place).unwrap_or(u32::MAX),
                waiting_since: you.arrived_at.as_millisecond(),
                name: you.name.clone(),
            },
            now: self.now.as_millisecond(),
        };
        Some(Room {
            view,
            host: consultation.host,
            branch: consultation.branch,
        })
    }
}

impl UseCases {
    /// What someone shows has changed, which no table knows of.
    pub fn announce_room(&self, consultation: ConsultationId) {
        self.0.bus.announce(Change::Consultation {
            id: consultation,
            branch: None,
        });
    }
}

pub(super) fn closed(cause: EndCause) -> Closed {
    match cause {
        EndCause::Left => Closed::Left,
        EndCause::Lost => Closed::BadToken,
        EndCause::Declined => Closed::Declined,
        EndCause::Removed => Closed::Removed,
        EndCause::Ended => Closed::Ended,
        EndCause::Replaced => Closed::Rejoined,
    }
}
