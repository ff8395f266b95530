//! The domain of Anteroom as types: ids, values, states, rules, events, refusals, and the read models built from them.
//!
//! The crate compiles to wasm, because the browser shows and checks by the same rules as the server. For the same reason it
//! does no IO, reads no clock and draws no randomness: time and choices are parameters.

#![deny(missing_docs)]

pub mod account;
pub mod chat;
pub mod consultation;
pub mod contact;
pub mod event;
pub mod figures;
pub mod guest;
pub mod id;
pub mod job;
pub mod organisation;
pub mod refusal;
pub mod teams;
pub mod text;
pub mod time;
pub mod trouble;
pub mod value;
pub mod view;
pub mod visit;
mod word;
