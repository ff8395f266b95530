//! Sound and notification of a guest's arrival.

use anteroom_domain::view::Waiting;

use crate::browser::{notification, sound};

/// How a page tells of arrivals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loudness {
    Full,
    /// In a call.
    Soft,
}

/// A guest has arrived: two soft tones, hardly to be heard in a call, and a notification where that is allowed.
pub fn ring(arrived: &[Waiting], loudness: Loudness) {
    sound::chime(match loudness {
        Loudness::Full => sound::CLEAR,
        Loudness::Soft => sound::SOFT,
    });
    for guest in arrived {
        notification::show(
            &t!(staff::alerts::is_waiting { guest: &guest.guest }),
            &t!(staff::alerts::service_with_host {
                service: &guest.service,
                host: &guest.host_name
            }),
            &format!("waiting-{}", guest.visit),
        );
    }
}
