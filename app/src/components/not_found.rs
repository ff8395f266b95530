use leptos::prelude::*;

use super::{GuestFrame, Page, PageWidth};

/// The answer to an address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <GuestFrame>
            <Page
                title=t!(guest::not_found::title)
                lead=t!(guest::not_found::lead)
                width=PageWidth::Narrow
            >
                <p>
                    <a href="/">{t!(guest::not_found::to_start)}</a>
                </p>
            </Page>
        </GuestFrame>
    }
}
