//! Azure Communication Services: identities of guests, and their tokens.

mod connection;
mod identity;
mod sign;

pub use connection::{ConnectionString, Unusable, endpoint};
pub use identity::{Auth, Created, IdentityClient, NotCreated, Token};
#[cfg(test)]
pub(crate) use identity::{created, deleted, issued};
pub use sign::{Key, Signed, sign};
