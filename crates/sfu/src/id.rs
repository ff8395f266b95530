//! Identifiers: of rooms, participants, peer connections and tracks.

use anteroom_protocol::media::Source;

/// A room. The number is the id of its consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomId(pub i64);

/// A participant of a room. The number is the id of their visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParticipantId(pub i64);

/// A participant's seat in a room.
pub(crate) type SeatId = (RoomId, ParticipantId);

/// A peer connection, for the life of the engine. A participant who joins again gets a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PeerId(pub u64);

/// One track of one publisher's peer connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Track {
    pub publisher: PeerId,
    pub source: Source,
}
