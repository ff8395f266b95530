//! What Anteroom asks of Azure, on loopback and in memory: ACS Identity, the Entra token endpoint, a managed identity's
//! endpoint, and the Graph calls for a meeting. It verifies what the real ones verify, counts what it did, and fails on
//! demand. Its own thread carries it, so that it serves tests with and without a runtime, and dies with its [`Handle`].

mod admin;
mod bearer;
mod clock;
mod cloud;
mod entra;
mod fault;
mod gate;
mod graph;
mod identity;
mod inspect;
mod limit;
mod operation;
mod options;
mod random;
mod serve;
mod tenant;
mod world;

pub use clock::Clock;
pub use cloud::Cloud;
pub use fault::{Fault, Planned};
pub use inspect::{Identity, Inspection, Meeting, Refusal, Requests, Token, TokenState};
pub use limit::{Limit, Limits};
pub use operation::Operation;
pub use options::{Options, StartError};
pub use serve::{Emulator, Handle};
pub use tenant::{AccessPolicy, PolicyWording, Tenant, TenantChange};
