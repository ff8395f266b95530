//! Seats in rooms. A seat is the right to media; its peer connection comes with `Join` and goes with `Gone`.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use anteroom_domain::visit::Publish;

use crate::config::Limits;
use crate::error::EnterError;
use crate::id::{ParticipantId, PeerId, RoomId, SeatId};

/// Joins of one participant within [`JOIN_WINDOW`]. A join makes everybody else negotiate, so a page that reloads in a
/// loop must be slowed down. A person who reloads in despair does it every few seconds.
const MAX_JOINS: u32 = 6;
const JOIN_WINDOW: Duration = Duration::from_secs(10);

/// One participant's seat.
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

    /// Counts on from the joins of the same participant's earlier seat.
    pub fn keep_joins_of(&mut self, earlier: &Self) {
        self.joins = earlier.joins;
        self.joins_since = earlier.joins_since;
    }

    /// Counts a join; returns whether it is within the limit.
    pub fn may_join(&mut self, now: Instant) -> bool {
        let since = *self.joins_since.get_or_insert(now);
        if now.saturating_duration_since(since) >= JOIN_WINDOW {
            self.joins_since = Some(now);
            self.joins = 0;
        }
        self.joins += 1;
        self.joins <= MAX_JOINS
    }
}

/// The seats of one room.
#[derive(Default)]
pub(crate) struct Room {
    seats: BTreeMap<ParticipantId, Seat>,
}

impl Room {
    /// Refuses one more participant who may publish this, where the room is full.
    fn check_capacity(&self, publish: Publish, limits: &Limits) -> Result<(), EnterError> {
        let senders = self.seats.values().filter(|seat| seat.publish == Publish::All).count();
        let is_full = self.seats.len() >= limits.participants_per_room
            || (publish == Publish::All && senders >= limits.senders_per_room);
        if is_full { Err(EnterError::RoomFull) } else { Ok(()) }
    }

    /// Every peer connection in the room, up or coming up.
    pub fn peers(&self) -> impl Iterator<Item = PeerId> {
        self.seats.values().filter_map(|seat| seat.peer)
    }

    /// The peer connections of everybody but this one.
    pub fn others(&self, peer: PeerId) -> impl Iterator<Item = (ParticipantId, PeerId)> {
        let connected = self
            .seats
            .iter()
            .filter_map(|(participant, seat)| Some((*participant, seat.peer?)));
        connected.filter(move |(_, other)| *other != peer)
    }
}

/// All rooms. A room exists while it has seats.
#[derive(Default)]
pub(crate) struct Rooms(HashMap<RoomId, Room>);

impl Rooms {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Seats that are taken, in all rooms.
    pub fn seats(&self) -> usize {
        self.0.values().map(|room| room.seats.len()).sum()
    }

    pub fn ids(&self) -> impl Iterator<Item = RoomId> {
        self.0.keys().copied()
    }

    pub fn get(&self, room: RoomId) -> Option<&Room> {
        self.0.get(&room)
    }

    pub fn seat_mut(&mut self, (room, participant): SeatId) -> Option<&mut Seat> {
        self.0.get_mut(&room)?.seats.get_mut(&participant)
    }

    /// Gives a seat to a participant who has none, within the limits.
    pub fn add(&mut self, (room, participant): SeatId, seat: Seat, limits: &Limits) -> Result<(), EnterError> {
        if self.seats() >= limits.participants {
            return Err(EnterError::ServerFull);
        }
        match self.0.get(&room) {
            Some(room) => room.check_capacity(seat.publish, limits)?,
            None if self.0.len() >= limits.rooms => return Err(EnterError::TooManyRooms),
            None => {}
        }
        self.0.entry(room).or_default().seats.insert(participant, seat);
        Ok(())
    }

    /// Takes a seat away, and the room with its last one.
    pub fn remove(&mut self, (room, participant): SeatId) -> Option<Seat> {
        let seats = &mut self.0.get_mut(&room)?.seats;
        let seat = seats.remove(&participant);
        if seats.is_empty() {
            self.0.remove(&room);
        }
        seat
    }

    /// Takes all seats of a room away.
    pub fn remove_room(&mut self, room: RoomId) -> Option<Room> {
        self.0.remove(&room)
    }
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
        assert_eq!(room.check_capacity(Publish::All, &limits), Err(EnterError::RoomFull));
        room.seats.insert(ParticipantId(2), Seat::new(Publish::Nothing));
        assert_eq!(room.check_capacity(Publish::Nothing, &limits), Ok(()));
        room.seats.insert(ParticipantId(3), Seat::new(Publish::Nothing));
        assert_eq!(
            room.check_capacity(Publish::Nothing, &limits),
            Err(EnterError::RoomFull)
        );
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "an arbitrary start of virtual time")]
    fn a_page_that_reloads_in_a_loop_is_slowed_down() {
        let mut seat = Seat::new(Publish::All);
        let now = Instant::now();
        assert!((0..MAX_JOINS).all(|_| seat.may_join(now)));
        assert!(!seat.may_join(now));
        assert!(seat.may_join(now + JOIN_WINDOW));
    }
}
