use leptos::prelude::*;

use crate::api::session::sign_in_form::{SetUp, SetUpForm, show_set_up};
use crate::api::{ApiError, FormState};
use crate::components::{
    Button, ButtonKind, ButtonLink, Card, FormErrors, GuestFrame, Page, PageWidth, PasswordField, TextField,
};
use crate::pages::{Load, ZoneField, ZoneList};
use crate::paths;

/// The first administrator of a new installation.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let form: Resource<Result<Option<SetUp>, ApiError>> = Resource::new_blocking(|| (), |()| show_set_up());
    let content = |set_up: Option<SetUp>| match set_up {
        Some(set_up) => view! { <SetUpView set_up /> }.into_any(),
        None => view! {
            <GuestFrame>
                <Page title=t!(staff::set_up::done_title) lead=t!(staff::set_up::done_lead) width=PageWidth::Narrow>
                    <ButtonLink href=paths::SIGN_IN>{t!(staff::set_up::sign_in)}</ButtonLink>
                </Page>
            </GuestFrame>
        }
        .into_any(),
    };
    view! { <Load data=form view=content /> }
}

#[component]
fn SetUpView(set_up: SetUp) -> impl IntoView {
    let SetUp { returned, now } = set_up;
    let FormState { form, errors, .. } = returned;
    let all = errors.clone();
    let errors = StoredValue::new(errors);
    let error = move |field: &str| errors.with_value(|errors| errors.get(field));
    let SetUpForm { name, email, zone, .. } = form;
    view! {
        <GuestFrame>
            <Page title=t!(staff::set_up::title) lead=t!(staff::set_up::lead) width=PageWidth::Narrow>
                <FormErrors errors=all />
                <Card>
                    <form class="form" method="post" action=paths::SET_UP novalidate>
                        <TextField name="code" label=t!(staff::set_up::code) error=error("code") hint=t!(staff::set_up::code_hint) autocomplete="off" required=true />
                        <TextField name="name" label=t!(staff::set_up::name) value=name error=error("name") autocomplete="name" required=true />
                        <TextField name="email" label=t!(staff::set_up::email) kind="email" value=email error=error("email") autocomplete="username" required=true />
                        <ZoneField name="zone" label=t!(staff::set_up::zone) value=zone now error=error("zone") required=true own=true />
                        <ZoneList />
                        <PasswordField name="password" label=t!(staff::set_up::password) error=error("password") hint=t!(staff::set_up::password_hint) autocomplete="new-password" required=true />
                        <Button kind=ButtonKind::Primary large=true>{t!(staff::set_up::submit)}</Button>
                    </form>
                </Card>
            </Page>
        </GuestFrame>
    }
}
