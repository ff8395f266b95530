use leptos::prelude::*;

use super::{Notice, Tone};

/// What is shown above a page whose browser part is late, can't run here, or failed: nothing, until the document's first
/// script says which of them it is. Part of the document and not of the application, which is what may be missing.
#[component]
pub fn StartTrouble() -> impl IntoView {
    let link = |text: &'static str| {
        view! {
            <a href="" rel="external">
                {text}
            </a>
        }
    };
    let again = link(t!(guest::start::reload_link));
    let [unsupported, failed] = if crate::shell::is_guests() {
        [
            vec![t!(guest::start::unsupported_text).into_any()],
            t_view!(guest::start::failed_text { link: again }),
        ]
    } else {
        [
            vec![t!(staff::shared::unsupported_browser).into_any()],
            t_view!(staff::shared::browser_part_failed { link: again }),
        ]
    };
    view! {
        <Trouble when="slow" title=t!(guest::start::slow_title)>
            {t_view!(guest::start::slow_text { link: link(t!(guest::start::slow_link)) })}
        </Trouble>
        <Trouble when="unsupported" title=t!(guest::start::unsupported_title)>
            {unsupported}
        </Trouble>
        <Trouble when="failed" title=t!(guest::start::failed_title)>
            {failed}
        </Trouble>
    }
}

/// Shown by the stylesheet alone, and then read out.
#[component]
fn Trouble(when: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class=format!("start-trouble start-trouble--{when}") role="alert" data-test=format!("start-{when}")>
            <Notice tone=Tone::Warning title>
                {children()}
            </Notice>
        </div>
    }
}
