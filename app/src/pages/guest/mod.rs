//! What a guest sees behind their own link.

pub mod check;
mod countdown;
mod follow;
pub mod landing;
pub mod registration;
