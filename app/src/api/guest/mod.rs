pub mod join;
pub mod landing;
pub mod rate;
pub mod registration;
