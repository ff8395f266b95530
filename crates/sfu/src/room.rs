//! Who has a seat in a room. A seat is the right to media; its peer connection comes with `Join` and goes with `Gone`.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use anteroom_domain::signalling::Publish;

use crate::config::Limits;
use crate::error::EnterError;
use crate::id::{ParticipantId, PeerId, RoomId};

/// A join makes everybody else negotiate, so a page that reloads in a loop must not go through unhindered. A person
/// who reloads in despair does it every few seconds.
const JOINS: u32 = 6;
const JOINS_WITHIN: Duration = Duration::from_secs(10);

pub(crate) struct Seat {
    pub publish: Publish,
    pub peer: Option<PeerId>,
    joins: u32,
    joins_since: Option<Instant>,
}

impl Seat {
    pub fn new(publish: Publish) -> Self {
        Self {
            publish,
            peer: None,
            joins: 0,
            joins_since: None,
        }
    }

    /// The same participant's next entry: how often they have joined counts on.
    pub fn follow(&mut self, earlier: &Self) {
        self.joins = earlier.joins;
        self.joins_since = earlier.joins_since;
    }

    pub fn may_join(&mut self, now: Instant) -> bool {
        let since = *self.joins_since.get_or_insert(now);
        if now.saturating_duration_since(since) >= JOINS_WITHIN {
            self.joins_since = Some(now);
            self.joins = 0;
        }
        self.joins += 1;
        self.joins <= JOINS
    }
}

#[derive(Default)]
pub(crate) struct Room {
    pub seats: BTreeMap<ParticipantId, Seat>,
}

impl Room {
    pub fn len(&self) -> usize {
        self.seats.len()
    }

    /// Is there room for one more, who may publish this?
    pub fn check(&self, publish: Publish, limits: &Limits) -> Result<(), EnterError> {
        let senders = self.seats.values().filter(|seat| seat.publish == Publish::All).count();
        let full = self.seats.len() >= limits.participants_per_room
            || (publish == Publish::All && senders >= limits.senders_per_room);
        if full { Err(EnterError::RoomFull) } else { Ok(()) }
    }

    pub fn peers(&self) -> impl Iterator<Item = PeerId> {
        self.seats.values().filter_map(|seat| seat.peer)
    }

    /// Everybody else who is connected or about to be.
    pub fn others(&self, peer: PeerId) -> impl Iterator<Item = (ParticipantId, PeerId)> {
        let connected = self
            .seats
            .iter()
            .filter_map(|(participant, seat)| Some((*participant, seat.peer?)));
        connected.filter(move |(_, other)| *other != peer)
    }
}

/// Gives a participant a seat in place of one that they had, within the limits. What they had before is gone even if
/// they are refused.
pub(crate) fn seat(
    rooms: &mut HashMap<RoomId, Room>,
    (room, participant): (RoomId, ParticipantId),
    seat: Seat,
    limits: &Limits,
) -> Result<(), EnterError> {
    unseat(rooms, room, participant);
    if rooms.values().map(Room::len).sum::<usize>() >= limits.participants {
        return Err(EnterError::ServerFull);
    }
    match rooms.get(&room) {
        Some(there) => there.check(seat.publish, limits)?,
        None if rooms.len() >= limits.rooms => return Err(EnterError::TooManyRooms),
        None => {}
    }
    rooms.entry(room).or_default().seats.insert(participant, seat);
    Ok(())
}

/// Takes a seat away, and the room with its last one.
pub(crate) fn unseat(rooms: &mut HashMap<RoomId, Room>, room: RoomId, participant: ParticipantId) -> Option<Seat> {
    let there = rooms.get_mut(&room)?;
    let seat = there.seats.remove(&participant);
    if there.seats.is_empty() {
        rooms.remove(&room);
    }
    seat
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viewers_fit_where_another_sender_does_not() {
        let limits = Limits {
            participants_per_room: 3,
            senders_per_room: 1,
            ..Limits::default()
        };
        let mut room = Room::default();
        room.seats.insert(ParticipantId(1), Seat::new(Publish::All));
        assert_eq!(room.check(Publish::All, &limits), Err(EnterError::RoomFull));
        room.seats.insert(ParticipantId(2), Seat::new(Publish::Nothing));
        assert_eq!(room.check(Publish::Nothing, &limits), Ok(()));
        room.seats.insert(ParticipantId(3), Seat::new(Publish::Nothing));
        assert_eq!(room.check(Publish::Nothing, &limits), Err(EnterError::RoomFull));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "an arbitrary start of virtual time")]
    fn a_page_that_reloads_in_a_loop_is_slowed_down() {
        let mut seat = Seat::new(Publish::All);
        let now = Instant::now();
        assert!((0..JOINS).all(|_| seat.may_join(now)));
        assert!(!seat.may_join(now));
        assert!(seat.may_join(now + JOINS_WITHIN));
    }
}
