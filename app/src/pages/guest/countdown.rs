use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::{span_text, ticking};

/// How often the server is asked again when it still says that it is too early: its clock and this page's differ by what
/// the answer took on its way.
const ASK_EVERY_MS: i64 = 3_000;

/// Whole seconds, rounded up: it is 0 when the time has come, and not a second before.
fn seconds(left_ms: i64) -> i64 {
    left_ms.max(0).div_euclid(1_000) + i64::from(0 < left_ms && left_ms % 1_000 != 0)
}

/// How often the server should have been asked by now.
#[cfg_attr(
    not(any(test, feature = "hydrate")),
    expect(dead_code, reason = "only a browser counts")
)]
fn asks(left_ms: i64) -> i64 {
    match left_ms {
        1.. => 0,
        past => 1 - past / ASK_EVERY_MS,
    }
}

/// How long until it opens. The server says it in words; with the browser part it counts, and looks anew when it is
/// time, until it is open, so that nobody has to reload.
#[component]
pub fn Countdown(now: Timestamp, opens_at: Timestamp, #[prop(into)] on_open: Callback<()>) -> impl IntoView {
    let clock = ticking(now);
    let left = move || opens_at.as_millisecond() - clock.get().as_millisecond();
    #[cfg(feature = "hydrate")]
    Effect::new(move |before: Option<i64>| {
        let now_left = left();
        if before.is_some_and(|before| asks(before) < asks(now_left)) {
            on_open.run(());
        }
        now_left
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = on_open;
    let shown = Memo::new(move |_| left_text(seconds(left())));
    view! { <span class="countdown">{move || shown.get()}</span> }
}

/// Seconds in words, to the unit that matters.
fn left_text(left: i64) -> String {
    match left {
        ..3_600 => {
            let seconds = format!("{:02}", left % 60);
            t!(guest::landing::countdown_minutes {
                minutes: left / 60,
                seconds
            })
        }
        3_600..86_400 => span_text(left),
        86_400.. => t!(guest::landing::countdown_days { count: left / 86_400 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_nothing_left_only_when_the_time_has_come() {
        assert_eq!(seconds(61_000), 61);
        assert_eq!(seconds(60_001), 61);
        assert_eq!(seconds(1), 1);
        assert_eq!(seconds(0), 0);
        assert_eq!(seconds(-5_000), 0);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn what_is_left_is_told_in_the_unit_that_matters() {
        assert_eq!(left_text(0), "0 min 00 s");
        assert_eq!(left_text(3_599), "59 min 59 s");
        assert_eq!(left_text(86_399), span_text(86_399));
        assert_eq!(left_text(86_400), "1 day");
        assert_eq!(left_text(3 * 86_400), "3 days");
    }

    #[test]
    fn the_server_is_asked_when_it_is_time_and_again_while_it_says_too_early() {
        assert_eq!(asks(1), 0);
        assert_eq!(asks(0), 1);
        assert_eq!(asks(1 - ASK_EVERY_MS), 1);
        assert_eq!(asks(-ASK_EVERY_MS), 2);
        assert_eq!(asks(-10 * ASK_EVERY_MS), 11);
        // A page that slept asks once when it wakes, and goes on from there.
        assert!(asks(5_000) < asks(-60_000));
    }
}
