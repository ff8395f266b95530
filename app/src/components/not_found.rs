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
                title="This page does not exist"
                lead="The address may be incomplete. If you followed a link from an e-mail or a message, open it there again, or copy the whole of it."
                width=PageWidth::Narrow
            >
                <p>
                    <a href="/">"Go to the start page"</a>
                </p>
            </Page>
        </GuestFrame>
    }
}
