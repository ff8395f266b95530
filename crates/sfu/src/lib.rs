//! **A packet reaches exactly the other members of its sender's room who have answered an offer with that track, each in
//! one unbroken sequence; and whatever one participant sends, be it packets, SDP or nothing at all, costs nobody but that
//! participant.**
//!
//! From this follows:
//! - A packet finds its participant by an address that ICE has validated, or by the ICE user fragment in a STUN request;
//!   it is never tried on everybody ([`demux`]). Nothing that came from the network is unwrapped, and a panic inside one peer
//!   connection ends that connection only ([`peer`]).
//! - The server alone offers. Each participant has at most one offer pending; changes meanwhile are folded into the next
//!   one, because every offer is made from what *should* be, not from what has changed ([`media_lines`]).
//! - Every subscriber has sequence numbers of its own ([`rewriter`]), and a bandwidth of its own: sound first, then
//!   screens, then cameras ([`bandwidth`]).
//! - Everything is bounded ([`Limits`], [`token_bucket`]).
//! - [`Engine`] does no IO and reads no clock. [`Sfu`] is a thread around it with one UDP port and, for networks that
//!   block UDP, a TCP listener on the same port ([`io`]).
#![doc = include_str!("../README.md")]
// The documentation above links to private modules: it is a map of the source.
#![expect(
    rustdoc::private_intra_doc_links,
    reason = "the crate's documentation is also its map"
)]
#![deny(missing_docs)]

mod bandwidth;
mod command;
mod config;
mod demux;
mod engine;
mod error;
mod framing;
mod handle;
mod id;
mod io;
mod media_lines;
mod output;
mod peer;
mod quality;
mod rewriter;
mod room;
mod token_bucket;

pub use command::{Event, Health};
pub use config::{Config, Limits};
pub use demux::Address;
pub use engine::Engine;
pub use error::{EnterError, StartError};
pub use handle::{Sfu, SfuHandle};
pub use id::{ParticipantId, RoomId};
pub use output::{Counters, Output};
