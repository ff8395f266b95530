pub mod join;
pub mod landing;
