use anteroom_domain::id::ConsultationId;
use anteroom_domain::signalling::Role;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::api::consultation::details::{Details, show_details};
use crate::api::lobby::enter::enter;
use crate::call::{Join, Meeting};
use crate::components::{ButtonLink, DocumentTitle, GuestFrame, Page, PageWidth};
use crate::pages::{Load, id_param};
use crate::paths;

/// The host's side of a meeting. Without the staff navigation: nothing here leads away from it by a slip.
#[component]
pub fn RoomPage() -> impl IntoView {
    let id = id_param();
    let details: Resource<Result<Details, ApiError>> =
        Resource::new_blocking(move || id.get(), |id| show_details(ConsultationId(id)));
    view! { <Load data=details view=|details: Details| view! { <Room details /> }.into_any() /> }
}

#[component]
fn Room(details: Details) -> impl IntoView {
    let details = details.details;
    let id = details.consultation.id;
    let names = details
        .guests
        .iter()
        .map(|guest| guest.name.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let heading = format!("{} with {names}", details.service.name);
    if details.consultation.state.is_final() {
        return view! {
            <GuestFrame>
                <Page title="This consultation is over" lead=heading width=PageWidth::Narrow>
                    <ButtonLink href=paths::consultation(id)>"See what happened"</ButtonLink>
                </Page>
            </GuestFrame>
        }
        .into_any();
    }
    let join = Join::new(move |_| async move { enter(id).await.map_err(|error: ApiError| error.to_string()) });
    view! {
        <DocumentTitle text=heading.clone() />
        <main id="content" class="meeting-page">
            <Meeting
                heading
                // Staff go by the name of their account, which the server knows.
                name=details.host.name
                name_editable=false
                role=Role::Host
                join
                storage_key=format!("seat:host:{id}")
                after=paths::consultation(id)
            />
        </main>
    }
    .into_any()
}
