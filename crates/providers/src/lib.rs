//! The meeting engines behind the port of `anteroom-service`.

mod builtin;

pub use builtin::Builtin;
