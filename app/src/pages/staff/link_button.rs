use anteroom_domain::id::{ConsultationId, GuestId};
use leptos::prelude::*;

use super::Feed;
use crate::api::LinkOf;
use crate::components::{CopyField, Once};
use crate::paths;

/// Makes a guest's link and shows it, ready to be copied. Without the browser part it is a form that leads to the
/// consultation's page, which shows the link.
#[component]
pub fn LinkButton(
    consultation: ConsultationId,
    guest: GuestId,
    /// The guest, for who can't see which row this is in.
    #[prop(into)]
    name: String,
    /// One that was made on the way here.
    #[prop(optional_no_strip)]
    fresh: Option<String>,
    /// One of many on the page.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let feed = use_context::<Feed>().unwrap_or_default();
    let whose = (consultation, LinkOf::Guest(guest));
    if let Some(url) = fresh {
        feed.keep_link(whose, url);
    }
    let trouble = RwSignal::new(String::new());
    let field_name = format!("link-{consultation}-{guest}");
    #[cfg(feature = "hydrate")]
    let field = StoredValue::new(crate::components::field_id(&field_name));
    let making = StoredValue::new(false);
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // Each link that is made lets somebody in.
        if making.get_value() {
            return;
        }
        making.set_value(true);
        trouble.set(String::new());
        #[cfg(feature = "hydrate")]
        let field = field.get_value();
        leptos::task::spawn_local(async move {
            match crate::api::consultation::make_link::make_link(consultation, Some(guest)).await {
                // By now the page may have been read anew, for this very link, or left.
                Ok(url) => {
                    #[cfg(feature = "hydrate")]
                    // Where that fails, the link is on the page, with a button of its own.
                    feed.say_copied(whose, crate::browser::clipboard::write(&url).await);
                    feed.keep_link(whose, url);
                    #[cfg(feature = "hydrate")]
                    crate::browser::focus::soon(field);
                }
                Err(error) => {
                    let _left = trouble.try_set(error.sentence(crate::language::lang()));
                }
            }
            let _left = making.try_set_value(false);
        });
    };
    // A link that is on the page has a button of its own.
    let form = move || {
        feed.link(whose).is_none().then(|| {
            view! {
                <form method="post" action=paths::make_link(consultation, guest) on:submit=make>
                    <Once />
                    <button
                        class="button"
                        class:button--quiet=quiet
                        type="submit"
                        aria-label=t!(staff::link::copy_whose { guest: &name })
                        data-test="copy-link"
                    >
                        {t!(staff::link::copy)}
                    </button>
                </form>
            }
        })
    };
    view! {
        <div class="link-button">
            {form}
            <p class="link-button__copied" role="status" data-test="copied">
                {move || (feed.copied.get() == Some(whose)).then(|| t!(staff::link::copied))}
            </p>
            <p class="link-button__trouble" role="alert">
                {move || Some(trouble.get()).filter(|trouble| !trouble.is_empty())}
            </p>
            {move || {
                feed.link(whose)
                    .map(|url| {
                        view! {
                            <div data-test="guest-link-field">
                                <CopyField
                                    name=field_name.clone()
                                    label=t!(staff::link::field)
                                    value=url
                                    hint=t!(staff::link::hint)
                                />
                            </div>
                        }
                    })
            }}
        </div>
    }
}
