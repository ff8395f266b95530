//! WebSockets: a participant's seat, and the feed of staff pages.

mod door;
mod hub;
mod outside;
mod pace;
mod pages;
mod rooms;
mod seat;
mod staff;

pub use hub::Hub;
pub use seat::seat;
pub use staff::staff;
