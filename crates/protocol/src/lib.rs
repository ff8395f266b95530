//! What the browser and the server say to each other over sockets: the grammar of `GET /socket/seat`, which
//! `docs/SIGNALLING.md` explains in prose, and of `GET /socket/staff`. Compiles to wasm; does no IO.
//!
//! Frames are text, one JSON object each, tagged by `t`. The server's view of the room is sent whole whenever it changes
//! ([`seat::FromServer::Room`]); a client that missed one message has missed nothing. Only media negotiation and chat are
//! incremental.
#![deny(missing_docs)]

pub mod credentials;
pub mod media;
pub mod seat;
pub mod staff_feed;
pub mod teams;
