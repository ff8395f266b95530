pub mod day;
pub mod details;
pub mod form;
pub mod guest;
pub mod list;
pub mod make_link;
