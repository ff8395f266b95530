use anteroom_domain::view::Landing;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::ApiError;
use crate::api::guest::landing::{Invitation, show_landing};
use crate::call::DeviceCheck;
use crate::components::{ButtonLink, GuestFrame, NotFound, Page, PageWidth};
use crate::pages::Load;
use crate::paths;

/// `/j/<secret>/check`: camera, microphone, sound and connection, before the day.
#[component]
pub fn CheckPage() -> impl IntoView {
    let params = use_params_map();
    let secret = Memo::new(move |_| params.with(|params| params.get("secret").unwrap_or_default()));
    let invitation: Resource<Result<Option<Invitation>, ApiError>> =
        Resource::new_blocking(move || secret.get(), show_landing);
    let content = move |invitation: Option<Invitation>| match invitation {
        Some(Invitation { landing, .. }) => view! { <Check landing secret=secret.get_untracked() /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    };
    view! { <Load data=invitation view=content /> }
}

#[component]
fn Check(landing: Landing, secret: String) -> impl IntoView {
    let lead = t!(guest::check::lead {
        service: &landing.service,
        host: &landing.host
    });
    view! {
        <GuestFrame>
            <Page title=t!(guest::check::title) lead=lead width=PageWidth::Narrow>
                <DeviceCheck />
                <p>
                    <ButtonLink href=paths::invitation(&secret)>{t!(guest::check::back)}</ButtonLink>
                </p>
            </Page>
        </GuestFrame>
    }
}
