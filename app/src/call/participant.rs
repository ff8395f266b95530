//! The participants of a call: the visits of this site, and the people of an external meeting.

use std::{cell::RefCell, cmp::Reverse, collections::HashMap, rc::Rc};

use anteroom_domain::id::{GuestId, VisitId};
use anteroom_domain::visit::{AdmissionStatus, Role};
use anteroom_protocol::media::Source;
use anteroom_protocol::seat::{Person, RoomView};
use serde::{Deserialize, Deserializer};

use super::engines::ExternalPerson;

/// A participant's id on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ParticipantId {
    /// Somebody in the external meeting, whom our server does not know.
    External(ExternalId),
    Visit(VisitId),
}

impl ParticipantId {
    /// The visit, which people of an external meeting do not have.
    pub fn visit(self) -> Option<VisitId> {
        match self {
            ParticipantId::Visit(visit) => Some(visit),
            ParticipantId::External(_) => None,
        }
    }
}

/// One tile: a participant, or the screen that one shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    pub of: ParticipantId,
    /// `Camera` is the participant's tile, with or without a picture.
    pub source: Source,
}

/// A number for somebody in an external meeting, whom the engine knows by a long text. The order is that in which this page
/// heard of people, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExternalId(Reverse<u32>);

#[derive(Default)]
struct Names {
    all: Vec<Rc<str>>,
    numbers: HashMap<Rc<str>, u32>,
}

thread_local! {
    /// The texts behind the numbers. They stay as long as the page: a person who comes back has the same number.
    static NAMES: RefCell<Names> = RefCell::default();
}

impl ExternalId {
    pub fn new(name: &str) -> Self {
        NAMES.with_borrow_mut(|names| {
            if let Some(number) = names.numbers.get(name) {
                return Self(Reverse(*number));
            }
            let number = u32::try_from(names.all.len()).unwrap_or(u32::MAX);
            let name: Rc<str> = name.into();
            names.all.push(Rc::clone(&name));
            names.numbers.insert(name, number);
            Self(Reverse(number))
        })
    }

    /// The engine's own id.
    pub fn name(self) -> Rc<str> {
        NAMES.with_borrow(|names| names.all.get(self.0.0 as usize).cloned().unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for ExternalId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|name| Self::new(&name))
    }
}

/// Somebody who is in the call, as tiles and lists show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    pub id: ParticipantId,
    /// The guest's id; None for staff and for the people of an external meeting.
    pub guest: Option<GuestId>,
    pub name: String,
    pub role: Role,
    /// Is their socket open? False while a reload or a network loss is being waited out.
    pub connected: bool,
    /// They are admitted, and have no sound or picture yet.
    pub coming: bool,
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
}

impl Participant {
    /// None for a visit that waits or was turned away.
    pub fn of_visit(person: &Person) -> Option<Self> {
        (person.status == AdmissionStatus::Admitted).then(|| Self {
            id: ParticipantId::Visit(person.visit),
            guest: person.guest,
            name: person.name.clone(),
            role: person.role,
            connected: person.connected,
            coming: is_coming(person),
            microphone: person.microphone,
            camera: person.camera,
            screen: person.screen,
        })
    }

    fn of_external(person: &ExternalPerson, has_stream: impl Fn(TileId) -> bool) -> Self {
        let id = ParticipantId::External(person.id);
        let shows = |source| has_stream(TileId { of: id, source });
        Self {
            id,
            guest: None,
            name: if person.hand {
                format!("{} ✋", person.name)
            } else {
                person.name.clone()
            },
            role: Role::Guest,
            connected: true,
            coming: false,
            microphone: !person.muted,
            camera: shows(Source::Camera),
            screen: shows(Source::Screen),
        }
    }
}

/// Everyone who is in the call. `external` are the people of the external meeting, for a participant who is there: beside
/// them only the own visit counts, because the other visits are among them.
pub fn participants(
    room: &RoomView,
    external: Option<&[ExternalPerson]>,
    has_stream: impl Fn(TileId) -> bool,
) -> Vec<Participant> {
    let visits = room.people.iter().filter_map(Participant::of_visit);
    let Some(external) = external else {
        return visits.collect();
    };
    let me = ParticipantId::Visit(room.you.visit);
    visits
        .filter(|visit| visit.id == me)
        .chain(
            external
                .iter()
                .filter(|person| !person.own)
                .map(|person| Participant::of_external(person, &has_stream)),
        )
        .collect()
}

/// Is this visit admitted, and without sound and picture so far? (On Teams, Teams shows that.)
fn is_coming(person: &Person) -> bool {
    person.status == AdmissionStatus::Admitted && person.connected && !person.media && person.teams.is_none()
}

#[cfg(test)]
pub(super) mod tests {
    use anteroom_domain::id::ConsultationId;
    use anteroom_protocol::seat::{Notified, You};

    use super::*;

    pub(crate) fn person(visit: i64) -> Person {
        Person {
            visit: VisitId(visit),
            guest: None,
            name: "Ana Moreno".into(),
            invited: None,
            contact: None,
            role: Role::Guest,
            status: AdmissionStatus::Admitted,
            arrived_at: 0,
            connected: true,
            media: true,
            microphone: true,
            camera: true,
            screen: false,
            teams: None,
        }
    }

    pub(crate) fn room(people: Vec<Person>) -> RoomView {
        RoomView {
            consultation: ConsultationId(1),
            service: "Mortgage advice".into(),
            host: "Anna Keller".into(),
            starts_at: 0,
            ends_at: 0,
            you: You {
                visit: VisitId(1),
                role: Role::Guest,
                status: AdmissionStatus::Admitted,
                name: "Ana".into(),
                position: 0,
                waiting_since: 0,
            },
            people,
            viewers: 0,
            host_present: false,
            notified: Notified::Nobody,
            live_at: None,
            now: 0,
        }
    }

    fn external(name: &str) -> ExternalPerson {
        ExternalPerson {
            id: ExternalId::new(name),
            name: name.into(),
            muted: false,
            hand: false,
            own: false,
        }
    }

    #[test]
    fn everybody_has_one_number_whatever_is_reported_of_them() {
        let (first, second) = (ExternalId::new("8:acs:1"), ExternalId::new("8:acs:2"));
        assert_eq!(first, ExternalId::new("8:acs:1"));
        assert_eq!(&*second.name(), "8:acs:2");
        assert!(second < first, "the newest first");
    }

    #[test]
    fn those_who_wait_are_not_in_the_call() {
        let waiting = Person {
            status: AdmissionStatus::Waiting,
            ..person(2)
        };
        let all = participants(&room(vec![person(1), waiting]), None, |_| false);
        assert_eq!(all.len(), 1);
    }

    #[test]
    fn in_an_external_meeting_its_people_stand_in_for_the_other_visits() {
        let raised = ExternalPerson {
            hand: true,
            ..external("Anna")
        };
        let own = ExternalPerson {
            own: true,
            ..external("Ana")
        };
        let anna = ParticipantId::External(raised.id);
        let all = participants(&room(vec![person(1), person(2)]), Some(&[raised, own]), |tile| {
            tile.of == anna && tile.source == Source::Screen
        });
        let ids: Vec<_> = all.iter().map(|one| one.id).collect();
        assert_eq!(ids, [ParticipantId::Visit(VisitId(1)), anna]);
        let anna = all.last().unwrap();
        assert_eq!(anna.name, "Anna ✋");
        assert!(anna.screen && !anna.camera && anna.microphone);
    }
}
