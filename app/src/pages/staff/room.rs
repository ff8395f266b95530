use anteroom_domain::id::ConsultationId;
use anteroom_domain::visit::Role;
use leptos::prelude::*;

use super::Feed;
use crate::api::ApiError;
use crate::api::consultation::details::{Details, show_details};
use crate::api::lobby::enter::enter;
use crate::call::{Join, Meeting};
use crate::components::{ButtonLink, DocumentTitle, GuestFrame, Page, PageWidth};
use crate::escape::isolate;
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
    let Details { details, me, .. } = details;
    let id = details.consultation.id;
    let names = details
        .guests
        .iter()
        .map(|guest| isolate(&guest.name))
        .collect::<Vec<_>>()
        .join(", ");
    let heading = t!(staff::room::heading {
        service: &details.service.name,
        guests: names
    });
    if details.consultation.state.is_final() {
        return view! {
            <GuestFrame>
                <Page title=t!(staff::room::over) lead=heading width=PageWidth::Narrow>
                    <ButtonLink href=paths::consultation(id)>{t!(staff::room::see_what_happened)}</ButtonLink>
                </Page>
            </GuestFrame>
        }
        .into_any();
    }
    let join = Join::new(move |_| async move {
        enter(id)
            .await
            .map_err(|error: ApiError| error.sentence(crate::language::lang()))
    });
    view! {
        <DocumentTitle text=heading.clone() />
        <OthersWait here=id />
        <main id="content" class="meeting-page">
            <Meeting
                heading
                // Staff go by the name of their account, which the server knows.
                name=me
                name_editable=false
                role=Role::Host
                join
                outcome=paths::outcome(id)
                notes=details.consultation.notes
                admits=id
                storage_key=format!("seat:host:{id}")
                after=paths::consultation(id)
            />
        </main>
    }
    .into_any()
}

/// Who waits elsewhere while this clerk is in a call: a line at the edge, and a way there that does not end the call.
#[component]
fn OthersWait(here: ConsultationId) -> impl IntoView {
    let feed = Feed::default();
    #[cfg(feature = "hydrate")]
    super::feed::follow(feed, super::alarm::Loudness::Soft, None);
    let count = move || {
        feed.waiting
            .with(|waiting| waiting.iter().filter(|guest| guest.consultation != here).count())
    };
    view! {
        <p class="others-wait" role="status">
            <Show when=move || 0 < count()>
                <a href=paths::TODAY target="_blank" rel="external noopener" data-test="others-wait">
                    {move || {
                        t_view!(staff::room::others_wait(count: count()) {
                            note: view! { <span class="visually-hidden">{t!(staff::room::new_tab)}</span> },
                        })
                    }}
                </a>
            </Show>
        </p>
    }
}
