//! What clerks and admins work with.

pub mod account;
#[cfg(feature = "hydrate")]
mod alarm;
mod alerts;
mod consultation_form;
pub mod dashboard;
pub mod details;
pub mod edit;
mod feed;
mod frame;
pub mod guest;
mod guest_fields;
mod history;
mod link_button;
pub mod list;
mod offered;
pub mod room;
pub mod schedule;
pub mod today;
mod way_in;

pub use feed::Feed;
pub use frame::{Area, StaffFrame};
