use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::session::sign_in_form::{SignInForm, show_sign_in};
use crate::api::{ApiError, FormState};
use crate::components::{Button, ButtonKind, Card, FormErrors, GuestFrame, Page, PageWidth, PasswordField, TextField};
use crate::pages::Load;
use crate::paths;

#[component]
pub fn SignInPage() -> impl IntoView {
    let form: Resource<Result<FormState<SignInForm>, ApiError>> = Resource::new_blocking(|| (), |()| show_sign_in());
    let asked = use_query_map().with_untracked(|query| query.get("next").unwrap_or_default());
    let content = move |returned: FormState<SignInForm>| {
        let FormState { form, errors, .. } = returned;
        let next = if form.next.is_empty() { asked.clone() } else { form.next };
        let password_label = if form.asks_own {
            t!(staff::sign_in_page::given_password)
        } else {
            t!(staff::sign_in_page::password)
        };
        view! {
            <GuestFrame>
                <Page title=t!(staff::sign_in_page::title) lead=t!(staff::sign_in_page::lead) width=PageWidth::Narrow>
                    <FormErrors errors=errors.clone() />
                    <Card>
                        <form class="form" method="post" action=paths::SIGN_IN>
                            <input type="hidden" name="next" value=next />
                            {(!form.kept.is_empty())
                                .then(|| {
                                    view! {
                                        <input type="hidden" name="target" value=form.target />
                                        <input type="hidden" name="kept" value=form.kept />
                                    }
                                })}
                            <TextField name="email" label=t!(staff::sign_in_page::email) kind="email" value=form.email autocomplete="username" required=true />
                            <PasswordField name="password" label=password_label autocomplete="current-password" required=true />
                            {form
                                .asks_own
                                .then(|| {
                                    view! {
                                        <PasswordField
                                            name="own"
                                            label=t!(staff::sign_in_page::own_password)
                                            error=errors.get("own")
                                            hint=t!(staff::sign_in_page::password_hint)
                                            autocomplete="new-password"
                                            maxlength=200
                                            required=true
                                        />
                                    }
                                })}
                            <Button kind=ButtonKind::Primary large=true>{t!(staff::sign_in_page::sign_in)}</Button>
                        </form>
                    </Card>
                    <p class="muted">{t!(staff::sign_in_page::forgotten)}</p>
                </Page>
            </GuestFrame>
        }
        .into_any()
    };
    view! { <Load data=form view=content /> }
}
