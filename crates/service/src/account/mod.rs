//! Staff accounts: signing in and out, and making new ones.

mod attempts;
mod create;
mod password;
mod queue;
mod session;
mod sign_in;

pub(crate) use create::check_branch;
pub use create::{Chosen, NewAccount};
pub(crate) use password::check_chosen;
pub use password::hash_password;
pub(crate) use queue::Queue;
pub use sign_in::{Browser, ChangePassword, SignIn, SignInError, SignedIn};
