//! Azure Communication Services: identities of guests, and their tokens.

mod connection;
mod identity;
mod sign;

pub use connection::{ConnectionString, Unusable, endpoint};
pub use identity::{Auth, Created, IdentityClient, Token};
pub use sign::{Key, Signed, sign};
