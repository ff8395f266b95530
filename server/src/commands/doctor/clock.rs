//! The clock of this machine, compared with another's. Appointments begin by it, and Microsoft refuses what is signed with
//! a wrong one.

use std::sync::Arc;

use anteroom_http::look;
use anteroom_service::port::Clock as _;
use jiff::{SignedDuration, Timestamp};

use super::finding::Finding;
use crate::config::Config;
use crate::system::{SystemClock, SystemEntropy};
use crate::teams::{is_wanted, outside};

const WHAT: &str = "clock";
/// The other's clock is told in seconds, and its answer took some.
const NOTICED: SignedDuration = SignedDuration::from_secs(30);
/// Azure's signatures usually live for five minutes.
const TOO_FAR: SignedDuration = SignedDuration::from_mins(4);
const ADVICE: &str = "Have this machine take its time from the network, with `timedatectl set-ntp true` for example.";

/// Another clock, as it was a moment ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// By how much ours is ahead of it.
    pub ahead: SignedDuration,
    pub whose: String,
}

/// Microsoft's is better than that of our own proxy.
pub async fn check(config: &Config, public: Option<Compared>) -> Finding {
    let compared = microsofts(config).await.or(public);
    judge(SystemClock.now(), built(), compared.as_ref())
}

/// Every answer bears its time, whatever it says.
async fn microsofts(config: &Config) -> Option<Compared> {
    if !is_wanted(&config.teams) {
        return None;
    }
    let outside = outside(&config.teams, Arc::new(SystemClock), Arc::new(SystemEntropy)).ok()?;
    let whose = outside.endpoint.host_str()?.to_owned();
    let there = look(outside.endpoint).await.ok()?.date?;
    Some(Compared {
        ahead: SystemClock.now().duration_since(there),
        whose,
    })
}

/// The day on which this program was built.
fn built() -> Timestamp {
    let seconds = env!("BUILT_AT_SECONDS").parse().unwrap_or_default();
    Timestamp::from_second(seconds).unwrap_or_default()
}

fn judge(now: Timestamp, built: Timestamp, compared: Option<&Compared>) -> Finding {
    if now < built {
        return Finding::bad(
            WHAT,
            format!(
                "it is {} here, which is before this program was built ({}). {ADVICE}",
                now.strftime("%Y-%m-%d"),
                built.strftime("%Y-%m-%d")
            ),
        );
    }
    let Some(Compared { ahead, whose }) = compared else {
        return Finding::good(
            WHAT,
            format!(
                "it is {} (UTC) here. It was not compared: no other machine was reached that tells the time.",
                now.strftime("%Y-%m-%d %H:%M")
            ),
        );
    };
    let direction = if ahead.is_negative() { "behind" } else { "ahead of" };
    let apart = format!("{} {direction} that of {whose}", shown(*ahead));
    match ahead.abs() {
        apart_by if apart_by < NOTICED => Finding::good(WHAT, format!("agrees with that of {whose}.")),
        apart_by if apart_by < TOO_FAR => Finding::warning(WHAT, format!("is {apart}. {ADVICE}")),
        _ => Finding::bad(
            WHAT,
            format!("is {apart}: appointments begin at the wrong time, and Microsoft refuses us. {ADVICE}"),
        ),
    }
}

fn shown(apart: SignedDuration) -> String {
    match apart.as_secs().unsigned_abs() {
        seconds @ 0..120 => format!("{seconds} seconds"),
        seconds @ 120..7200 => format!("{} minutes", (seconds + 30) / 60),
        seconds @ 7200..172_800 => format!("{} hours", (seconds + 1800) / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Grade;
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn apart(seconds: i64) -> Finding {
        let compared = Compared {
            ahead: SignedDuration::from_secs(seconds),
            whose: "far.example".to_owned(),
        };
        judge(at("2026-11-24T12:00:00Z"), at("2026-11-20T00:00:00Z"), Some(&compared))
    }

    #[test]
    fn a_clock_that_is_apart_from_anothers_is_told_by_how_much() {
        assert_eq!(
            apart(-29).to_string(),
            "ok      clock: agrees with that of far.example."
        );
        let slow = apart(-90);
        assert!(slow.grade == Grade::Warning && slow.sentence.contains("90 seconds behind that of far.example"));
        let fast = apart(240);
        assert!(
            fast.grade == Grade::Bad && fast.sentence.contains("4 minutes ahead"),
            "{fast}"
        );
        assert!(apart(-1199).sentence.contains("20 minutes behind"));
        assert!(apart(-3 * 3600).sentence.contains("3 hours behind"));
        assert!(apart(10 * 86_400).sentence.contains("10 days ahead"));
    }

    #[test]
    fn a_clock_from_before_the_build_is_wrong_without_any_comparison() {
        let built = at("2026-11-20T00:00:00Z");
        assert_eq!(judge(at("1970-01-01T00:01:00Z"), built, None).grade, Grade::Bad);
        let alone = judge(at("2026-11-24T12:00:00Z"), built, None);
        assert!(
            alone.grade == Grade::Good && alone.sentence.contains("not compared"),
            "{alone}"
        );
    }

    #[test]
    fn this_program_knows_when_it_was_built() {
        assert!(at("2026-01-01T00:00:00Z") <= built() && built() <= SystemClock.now());
    }
}
