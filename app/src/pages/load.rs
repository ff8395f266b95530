use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::api::{ApiError, just_done, refused_here};
use crate::components::{ButtonLink, GuestFrame, NotFound, Page, PageWidth};
use crate::pages::staff::Feed;
use crate::paths;

/// Shows what a resource holds, or why it can't. The server waits for it, so that what it sends is whole.
#[component]
pub fn Load<T, V>(data: Resource<Result<T, ApiError>>, view: V) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    provide_context(just_done());
    // A guest's pages say it where the button is.
    if use_context::<Feed>().is_some() {
        provide_context(refused_here());
    }
    view! {
        // A transition keeps what is shown while it is fetched anew.
        <Transition>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    match data.await {
                        Ok(data) => view(data),
                        Err(error) => view! { <Failed error /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

/// In the staff's frame it is a page like others; elsewhere it brings the guest's frame along.
#[component]
fn Failed(error: ApiError) -> impl IntoView {
    let framed = use_context::<Feed>().is_some();
    let page = match error {
        ApiError::NotFound if !framed => return view! { <NotFound /> }.into_any(),
        ApiError::NotFound => view! {
            <Page title=t!(staff::shared::not_found_title) lead=error.sentence(crate::language::lang()) width=PageWidth::Narrow>
                <ButtonLink href=paths::TODAY>{t!(staff::shared::to_today)}</ButtonLink>
            </Page>
        }
        .into_any(),
        ApiError::SignedOut => view! {
            <Page title=t!(guest::load::signed_out_title) lead=t!(guest::load::signed_out_lead) width=PageWidth::Narrow>
                <ButtonLink href=paths::sign_in_then(&here())>{t!(guest::load::sign_in)}</ButtonLink>
            </Page>
        }
        .into_any(),
        ApiError::Forbidden => view! {
            <Page
                title=t!(staff::shared::forbidden_title)
                lead=t!(staff::shared::forbidden_lead)
                width=PageWidth::Narrow
            >
                <ButtonLink href=paths::TODAY>{t!(staff::shared::to_today)}</ButtonLink>
            </Page>
        }
        .into_any(),
        other => view! {
            <Page title=t!(guest::load::failed_title) lead=other.sentence(crate::language::lang()) width=PageWidth::Narrow>
                <ButtonLink href=paths::TODAY>{t!(guest::load::to_start)}</ButtonLink>
            </Page>
        }
        .into_any(),
    };
    if framed {
        page
    } else {
        view! { <GuestFrame>{page}</GuestFrame> }.into_any()
    }
}

/// Where the browser is, to be led back to.
fn here() -> String {
    let location = leptos_router::hooks::use_location();
    let search = location.search.get_untracked();
    let question = if search.is_empty() { "" } else { "?" };
    format!("{}{question}{search}", location.pathname.get_untracked())
}
