use jiff::Timestamp;
use leptos::prelude::*;

/// What the server said last of what time it is, where a page goes on hearing from it.
#[derive(Clone, Copy, Debug)]
pub struct ServerTime(pub RwSignal<Option<Timestamp>>);

impl Default for ServerTime {
    fn default() -> Self {
        Self(RwSignal::new(None))
    }
}

/// The server's time, moved on each second by what passes here, and set right whenever the server says it anew: this
/// device's own clock may be wrong, may be set right meanwhile, and a device that slept has counted nothing. Without the
/// browser part it stands still.
pub fn ticking(now: Timestamp) -> Signal<Timestamp> {
    let shown = RwSignal::new(now);
    #[cfg(feature = "hydrate")]
    {
        use crate::browser::steady_ms;

        let base = StoredValue::new((now, steady_ms()));
        let tick = move || {
            let Some((said, at)) = base.try_get_value() else { return };
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a session fit")]
            let passed = (steady_ms() - at) as i64;
            shown.try_set(said + jiff::SignedDuration::from_millis(passed));
        };
        if let Some(ServerTime(said)) = use_context() {
            Effect::new(move |_| {
                if let Some(said) = said.get() {
                    base.set_value((said, steady_ms()));
                    tick();
                }
            });
        }
        let timer = set_interval_with_handle(tick, std::time::Duration::from_secs(1));
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    }
    shown.into()
}
