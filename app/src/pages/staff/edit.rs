use anteroom_domain::id::ConsultationId;
use leptos::prelude::*;

use super::consultation_form::ConsultationFields;
use super::{Area, StaffFrame};
use crate::api::ApiError;
use crate::api::consultation::form::{Form, edit_form};
use crate::components::{Page, PageWidth};
use crate::pages::{Load, id_param};
use crate::paths;

#[component]
pub fn EditPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Consultations view=|| view! { <Edit /> }.into_any() /> }
}

#[component]
fn Edit() -> impl IntoView {
    let id = id_param();
    let form: Resource<Result<Form, ApiError>> =
        Resource::new_blocking(move || id.get(), |id| edit_form(ConsultationId(id)));
    let content = move |form: Form| {
        let id = ConsultationId(id.get_untracked());
        let lead = match &form.of {
            Some(name) => t!(staff::edit::lead { name }),
            None => String::new(),
        };
        view! {
            <Page title=t!(staff::edit::title) lead=lead width=PageWidth::Narrow>
                <ConsultationFields form action=paths::edit(id) submit=t!(staff::edit::save) back=paths::consultation(id) />
            </Page>
        }
        .into_any()
    };
    view! { <Load data=form view=content /> }
}
