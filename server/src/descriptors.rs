//! File descriptors: every connection takes one, and so do the database, the log and media over TCP. Where there are none
//! left, nobody gets in and nothing can be stored.

use crate::connections::ConnectionLimits;

/// For the database, the log and what is read now and then.
const RESERVE: u64 = 128;
/// Fewer than these are no use to anybody.
const FEWEST: usize = 32;
/// With fewer, connections take what the database needs.
pub const FEWEST_OF_ALL: u64 = RESERVE + 2 * FEWEST as u64;

/// Raises the limit of this process as far as it may, and says how far that is.
#[cfg(unix)]
pub fn raise() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = Rlimit {
        current: limit.maximum,
        ..limit
    };
    let reached = match setrlimit(Resource::Nofile, wanted) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    // None is no limit at all.
    reached.unwrap_or(u64::MAX)
}

#[cfg(not(unix))]
pub fn raise() -> u64 {
    u64::MAX
}

/// Bounds pages' connections and media's by what there is: a quarter of it at most for media.
pub fn share(descriptors: u64, pages: &mut ConnectionLimits, media: &mut anteroom_sfu::Limits) {
    let left = usize::try_from(descriptors.saturating_sub(RESERVE)).unwrap_or(usize::MAX);
    media.tcp_connections = media.tcp_connections.min((left / 4).max(FEWEST));
    pages.connections = pages
        .connections
        .min(left.saturating_sub(media.tcp_connections).max(FEWEST));
    // Two addresses that hold all they may leave room for others.
    pages.of_one_address = pages.of_one_address.min(pages.connections / 3);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_never_more_connections_than_descriptors() {
        let shares = |descriptors| {
            let (mut pages, mut media) = (ConnectionLimits::default(), anteroom_sfu::Limits::default());
            share(descriptors, &mut pages, &mut media);
            (pages.connections, pages.of_one_address, media.tcp_connections)
        };
        assert_eq!(shares(u64::MAX), (8192, 512, 1024));
        assert_eq!(shares(1 << 20), (8192, 512, 1024));
        assert_eq!(shares(1024), (672, 224, 224));
        assert_eq!(shares(64), (FEWEST, FEWEST / 3, FEWEST));
    }

    #[cfg(unix)]
    #[test]
    fn the_limit_is_raised_to_what_is_allowed() {
        use rustix::process::{Resource, getrlimit};
        let raised = raise();
        let now = getrlimit(Resource::Nofile);
        assert_eq!(now.current.unwrap_or(u64::MAX), raised);
        assert_eq!(now.current, now.maximum);
    }
}
