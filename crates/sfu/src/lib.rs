//! **A packet reaches exactly the other members of its sender's room who were told of that track in an offer they
//! answered, in order of one unbroken sequence each; and whatever one participant sends, be it packets, SDP or nothing
//! at all, costs nobody but that participant.**
//!
//! From this follows:
//! - A packet finds its participant by the address that ICE has proved, or by the ICE name in a STUN request; never by
//!   asking everybody ([`demux`]). Nothing that came from the network is unwrapped, and a panic inside one peer
//!   connection ends that connection only ([`peer`]).
//! - The server alone offers. Each participant has at most one offer outstanding; what changes meanwhile is folded into
//!   the next one, because every offer is made from what *should* be, not from what has changed ([`negotiate`]).
//! - Every subscriber has numbers of its own ([`forward`]), and a bandwidth of its own: sound first, then screens, then
//!   cameras ([`cap`]).
//! - Everything is bounded ([`Limits`]).
//! - [`Engine`] does no IO and reads no clock. [`Sfu`] is a thread around it with one UDP port and, for networks that
//!   block UDP, a TCP listener on the same port ([`io`]).
#![doc = include_str!("../README.md")]
// The documentation above names the private modules as a map for those who read the source.
#![expect(
    rustdoc::private_intra_doc_links,
    reason = "the crate's documentation is also its map"
)]

mod cap;
mod command;
mod config;
mod demux;
mod engine;
mod error;
mod forward;
mod framing;
mod handle;
mod id;
mod ingress;
mod io;
mod negotiate;
mod output;
mod peer;
mod quality;
mod room;

pub use command::{Event, Health};
pub use config::{Config, Limits};
pub use demux::Address;
pub use engine::Engine;
pub use error::{EnterError, StartError};
pub use handle::{Sfu, SfuHandle};
pub use id::{ParticipantId, RoomId};
pub use output::{Counters, Output};
