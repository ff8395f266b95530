//! A meeting in the browser: pre-join, lobby, call screen, and what comes after. Both the guest's page and the host's
//! page mount [`Meeting`]; what differs between them is the role.
//!
//! Three layers, each knowing only the one below:
//!
//! * `view/`: what is on screen. Reads the signals of [`state::Call`], sends [`state::Command`]s. Compiled for the server
//!   too, which renders the first screen.
//! * `driver/`: the one task that runs the meeting. It carries commands out and changes the state. `socket` connects it to
//!   the server, one of the `engines/` carries sound and picture. Browser only.
//! * Rules without a browser, tested on the host: `announcements` (for screen readers), `stage` (the call's state machine),
//!   `participant`, `external`, `backoff`, `layout`, `links`, `shape`, `chat_log`, `draft`, `outbox`, `shortcuts`, `speech`,
//!   `device_error` and `messages` (the sentences).

// The server renders the first screen only; what happens afterwards is dead code there.
#![cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "used by the driver, which only a browser has")
)]

mod announcements;
mod backoff;
mod chat_log;
mod device_check;
mod device_error;
mod draft;
mod engines;
mod external;
mod join;
mod layout;
mod links;
mod meeting;
mod messages;
mod outbox;
mod participant;
mod shape;
mod shortcuts;
mod speech;
mod stage;
mod state;
mod view;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
mod driver;
#[cfg(feature = "hydrate")]
mod socket;

pub use device_check::DeviceCheck;
pub use join::{Join, JoinRequest, Rate, SeatToken};
pub use meeting::Meeting;
pub use view::OpenElsewhere;
