pub mod enter;
