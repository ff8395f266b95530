//! What a guest sees behind their own link.

pub mod check;
mod countdown;
pub mod landing;
pub mod registration;
