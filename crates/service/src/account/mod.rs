//! Staff accounts: signing in and out, and making new ones.

mod attempts;
mod create;
mod password;
mod queue;
mod session;
mod sign_in;

pub use create::{Chosen, NewAccount};
pub(crate) use password::check_chosen;
pub use password::hash_password;
pub(crate) use queue::Queue;
pub use sign_in::{Browser, SignIn, SignInError, SignedIn};
