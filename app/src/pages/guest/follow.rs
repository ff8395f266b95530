use anteroom_domain::consultation::Stage;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::api::guest::landing::Invitation;

/// What an open page of a guest follows.
#[derive(Clone, Copy, Debug)]
pub struct Followed {
    /// It is something else by now, and somebody is typing: it is shown when they want it.
    pub held: RwSignal<bool>,
}

/// Until the appointment opens, a page that is open says what is so: it asks each minute, and whenever somebody comes back
/// to it. From then on the meeting tells.
pub fn follow(data: Resource<Result<Option<Invitation>, ApiError>>, secret: Memo<String>) -> Followed {
    let followed = Followed {
        held: RwSignal::new(false),
    };
    let time = crate::components::ServerTime::default();
    provide_context(time);
    #[cfg(feature = "hydrate")]
    {
        let ask = move || {
            let waits = data.with_untracked(
                |shown| matches!(shown, Some(Ok(Some(shown))) if matches!(shown.landing.stage, Stage::TooEarly { .. })),
            );
            if !waits || document().hidden() {
                return;
            }
            leptos::task::spawn_local(async move {
                let Some(asked) = secret.try_get_untracked() else {
                    return;
                };
                let Ok(new) = crate::api::guest::landing::show_landing(asked).await else {
                    return;
                };
                let is_same = data
                    .try_with_untracked(
                        |shown| matches!((shown, &new), (Some(Ok(Some(old))), Some(new)) if says_the_same(old, new)),
                    )
                    .unwrap_or(true);
                if let Some(new) = &new {
                    time.0.try_set(Some(new.landing.now));
                }
                if is_same {
                } else if crate::pages::hands_are_full() {
                    followed.held.try_set(true);
                } else {
                    data.try_set(Some(Ok(new)));
                }
            });
        };
        Effect::new(move |_| {
            let timer = set_interval_with_handle(ask, std::time::Duration::from_mins(1));
            let on = |event: &'static str| window_event_listener_untyped(event, move |_| ask());
            let listeners = ["visibilitychange", "pageshow", "online", "focus"].map(on);
            on_cleanup(move || {
                if let Ok(timer) = timer {
                    timer.clear();
                }
                for listener in listeners {
                    listener.remove();
                }
            });
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (data, secret, Stage::Open);
    followed
}

/// But for the time at which it was said.
#[cfg(feature = "hydrate")]
fn says_the_same(old: &Invitation, new: &Invitation) -> bool {
    let mut old = old.landing.clone();
    old.now = new.landing.now;
    old == new.landing
}
