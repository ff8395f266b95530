//! WebSockets: a participant's seat, and the feed of an open staff page.

mod seat;
mod staff;

pub use seat::seat;
pub use staff::staff;
