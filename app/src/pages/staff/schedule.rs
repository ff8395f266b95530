use anteroom_domain::id::ConsultationId;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::consultation_form::ConsultationFields;
use super::{Area, StaffFrame};
use crate::api::ApiError;
use crate::api::consultation::form::{Form, schedule_form};
use crate::components::{ButtonLink, EmptyState, Page, PageWidth};
use crate::pages::Load;
use crate::paths;

#[component]
pub fn SchedulePage() -> impl IntoView {
    view! { <StaffFrame area=Area::Schedule view=|| view! { <Schedule /> }.into_any() /> }
}

#[component]
fn Schedule() -> impl IntoView {
    let query = use_query_map();
    let again = Memo::new(move |_| query.with(|query| query.get("again")?.parse().ok().map(ConsultationId)));
    let form: Resource<Result<Form, ApiError>> = Resource::new_blocking(move || again.get(), schedule_form);
    let content = |form: Form| {
        let nothing = form.choices.services.is_empty() || form.choices.hosts.is_empty();
        view! {
            <Page title=t!(staff::schedule::title) width=PageWidth::Narrow>
                {if nothing {
                    view! {
                        <EmptyState
                            title=t!(staff::schedule::nothing_title)
                            text=t!(staff::schedule::nothing_text)
                        >
                            <ButtonLink href=paths::SERVICES>{t!(staff::schedule::services)}</ButtonLink>
                            <ButtonLink href=paths::ACCOUNTS>{t!(staff::schedule::accounts)}</ButtonLink>
                        </EmptyState>
                    }
                        .into_any()
                } else {
                    view! { <ConsultationFields form action=paths::SCHEDULE submit=t!(staff::schedule::submit) back=paths::TODAY /> }.into_any()
                }}
            </Page>
        }
        .into_any()
    };
    view! { <Load data=form view=content /> }
}
