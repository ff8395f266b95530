use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::span_text;

/// How long until it opens. The server says it in words; with the browser part it counts, and looks anew when it is
/// time, so that nobody has to reload.
#[component]
pub fn Countdown(now: Timestamp, opens_at: Timestamp, #[prop(into)] on_open: Callback<()>) -> impl IntoView {
    let left = RwSignal::new(opens_at.duration_since(now).as_secs());
    #[cfg(feature = "hydrate")]
    {
        // Counted by the time that passes here, from the server's clock: this device's own may be wrong.
        let started = js_sys::Date::now();
        let at_start = left.get_untracked();
        let timer = set_interval_with_handle(
            move || {
                #[expect(clippy::cast_possible_truncation, reason = "seconds of a session fit")]
                let passed = ((js_sys::Date::now() - started) / 1000.0) as i64;
                let now_left = at_start - passed;
                if left
                    .try_get_untracked()
                    .is_some_and(|before| before > 0 && now_left <= 0)
                {
                    on_open.run(());
                }
                left.try_set(now_left.max(0));
            },
            std::time::Duration::from_secs(1),
        );
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = on_open;
    view! {
        <span class="countdown">
            {move || {
                let left = left.get();
                if left < 3600 { format!("{} min {:02} s", left / 60, left % 60) } else if left < 86_400 { span_text(left) } else {
                    let days = left / 86_400;
                    format!("{days} {}", if days == 1 { "day" } else { "days" })
                }
            }}
        </span>
    }
}
