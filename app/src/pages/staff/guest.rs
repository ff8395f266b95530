use anteroom_domain::id::{ConsultationId, GuestId};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::guest_fields::GuestFields;
use super::{Area, StaffFrame};
use crate::api::ApiError;
use crate::api::consultation::guest::{EditGuest, show_guest};
use crate::components::{Button, ButtonKind, ButtonLink, Card, FormErrors, Page, PageWidth};
use crate::pages::{Load, id_param};
use crate::paths;

/// One guest's particulars.
#[component]
pub fn GuestPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Consultations view=|| view! { <Edit /> }.into_any() /> }
}

#[component]
fn Edit() -> impl IntoView {
    let id = id_param();
    let params = use_params_map();
    let guest =
        Memo::new(move |_| params.with(|params| params.get("guest").and_then(|guest| guest.parse().ok()).unwrap_or(0)));
    let data: Resource<Result<EditGuest, ApiError>> = Resource::new_blocking(
        move || (id.get(), guest.get()),
        |(id, guest)| show_guest(ConsultationId(id), GuestId(guest)),
    );
    let content = move |data: EditGuest| {
        let id = ConsultationId(id.get_untracked());
        let action = paths::guest(id, GuestId(guest.get_untracked()));
        let above = view! { <a href=paths::consultation(id)>{t!(staff::guest::consultation)}</a> }.into_any();
        view! {
            <Page title=data.name width=PageWidth::Narrow above=above>
                <FormErrors errors=data.returned.errors.clone() />
                <Card>
                    <form class="form" method="post" action=action novalidate>
                        <GuestFields returned=data.returned now=data.now />
                        <div class="form__actions">
                            <Button kind=ButtonKind::Primary>{t!(staff::guest::save)}</Button>
                            <ButtonLink href=paths::consultation(id) kind=ButtonKind::Quiet>
                                {t!(staff::guest::leave)}
                            </ButtonLink>
                        </div>
                    </form>
                </Card>
            </Page>
        }
        .into_any()
    };
    view! { <Load data view=content /> }
}
