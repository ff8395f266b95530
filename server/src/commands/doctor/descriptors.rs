//! How many connections the system allows us.

use super::finding::Finding;
use crate::connections::ConnectionLimits;
use crate::descriptors;

const WHAT: &str = "file descriptors";

pub fn check() -> Finding {
    judge(descriptors::raise())
}

fn judge(allowed: u64) -> Finding {
    let (mut pages, mut media) = (ConnectionLimits::default(), anteroom_sfu::Limits::default());
    descriptors::share(allowed, &mut pages, &mut media);
    let (pages, wanted) = (pages.connections, ConnectionLimits::default().connections);
    if allowed < descriptors::FEWEST_OF_ALL {
        return Finding::bad(
            WHAT,
            format!("only {allowed}: soon nobody gets in and nothing can be stored. {ADVICE}"),
        );
    }
    if pages < wanted {
        Finding::warning(
            WHAT,
            format!("{allowed}, enough for {pages} connections of pages instead of {wanted}. {ADVICE}"),
        )
    } else {
        Finding::good(WHAT, format!("enough for all of the {wanted} connections of pages."))
    }
}

/// What holds for a service is not what holds for whoever asks.
const ADVICE: &str =
    "If the server has as few, raise the number (LimitNOFILE=16384 in systemd, `ulimit -n` in a shell).";

#[cfg(test)]
mod tests {
    use super::super::finding::Grade;
    use super::*;

    #[test]
    fn too_few_descriptors_are_told_with_what_they_are_enough_for() {
        assert_eq!(judge(16_384).grade, Grade::Good);
        assert_eq!(judge(u64::MAX).grade, Grade::Good);
        let usual = judge(1024);
        assert!(
            usual.grade == Grade::Warning && usual.sentence.contains("672 connections"),
            "{usual}"
        );
        assert_eq!(judge(128).grade, Grade::Bad);
    }
}
