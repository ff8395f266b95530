pub mod frame;
pub mod sign_in_form;
