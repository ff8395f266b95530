//! WebSockets: a participant's seat, and the feed of staff pages.

mod handshakes;
mod hub;
mod outside;
mod pages;
mod rooms;
mod seat;
mod staff;
mod token_bucket;

pub use hub::Hub;
pub use seat::seat;
pub use staff::staff;
