//! The words of Anteroom as types: ids, value types, state machines, validation, time rules. Compiles to wasm; does no IO; reads no clock; draws no randomness.

pub mod account;
pub mod chat;
pub mod consultation;
pub mod contact;
pub mod event;
pub mod figures;
pub mod form;
pub mod guest;
pub mod id;
pub mod organisation;
pub mod organisation_form;
pub mod teams;
pub mod text;
pub mod time;
pub mod view;
pub mod visit;
