//! WebSockets: a participant's seat, and the feed of staff pages.

mod seat;
mod staff;

pub use seat::seat;
pub use staff::staff;
