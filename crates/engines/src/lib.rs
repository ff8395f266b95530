//! The meeting engines behind the ports of `anteroom-service`: each is a folder.

pub mod builtin;
pub mod teams;

use anteroom_domain::visit::{Publish, Role};

/// What a role may send, on every engine.
fn publish(role: Role) -> Publish {
    match role {
        Role::Host | Role::Guest => Publish::All,
        Role::Attendee => Publish::Nothing,
    }
}
