//! The engines that carry sound and picture. One call screen, lobby and chat serve them all: an engine is a folder here
//! behind the port [`CallEngine`], and a line in the [`picker`]. Nothing outside of this folder names an engine.

#[cfg(any(feature = "hydrate", test))]
mod event;
mod external;
#[cfg(any(feature = "hydrate", test))]
mod told;

#[cfg(feature = "hydrate")]
mod builtin;
#[cfg(feature = "hydrate")]
mod picker;
#[cfg(feature = "hydrate")]
mod port;
#[cfg(feature = "hydrate")]
mod teams;

#[cfg(feature = "hydrate")]
pub use self::{
    event::{EngineEvent, EngineState, Stream},
    external::{ExternalCall, ExternalEvent},
    picker::{Choice, ExternalEntry, choose},
    port::{CallEngine, Sending, Start, ToServer},
    told::{Told, sentence},
};
pub use external::{ExternalMessage, ExternalPerson};
