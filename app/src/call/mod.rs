//! A meeting in the browser: pre-join, lobby, call screen, and last screen. The guest's page and the host's page both mount
//! [`Meeting`], in different roles.
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

// The server renders the first screen only. The later states of the enums below, and the rules that lead to them, are the
// driver's: some thirty items in twelve modules, each of which would need a gate of its own. Modules that only the browser
// uses are gated as a whole.
#![cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "used by the driver, which only a browser has")
)]

mod announcements;
#[cfg(any(feature = "hydrate", test))]
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
#[cfg(any(feature = "hydrate", test))]
mod outbox;
mod participant;
#[cfg(any(feature = "hydrate", test))]
mod shape;
mod shortcuts;
#[cfg(any(feature = "hydrate", test))]
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
