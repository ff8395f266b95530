pub mod join;
pub mod landing;
pub mod registration;
