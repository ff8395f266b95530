//! Staff accounts: signing in and out, and making new ones.

mod create;
mod password;
mod sign_in;

pub use create::NewAccount;
pub use password::hash_password;
pub use sign_in::{SignInError, SignedIn};
