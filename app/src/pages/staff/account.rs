use anteroom_domain::account::{Account, AccountRole};
use leptos::prelude::*;

use super::{Area, StaffFrame};
use crate::api::organisation::list::list_organisation;
use crate::api::session::sign_in_form::{PasswordForm, show_account};
use crate::api::{ApiError, Returned};
use crate::components::{Button, ButtonKind, Card, FormErrors, Page, PageWidth, TextField};
use crate::pages::Load;
use crate::pages::admin::accounts::role_text;
use crate::paths;

/// Who I am here, and what I keep myself: my password, and where I am signed in.
#[component]
pub fn AccountPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Account view=|| view! { <Own /> }.into_any() /> }
}

/// The account, the name of its branch, and the password form as it came back.
type Data = (Account, Option<String>, Returned<PasswordForm>);

async fn data() -> Result<Data, ApiError> {
    let (account, returned) = show_account().await?;
    let branches = list_organisation().await?.branches;
    let branch = branches
        .into_iter()
        .find(|branch| Some(branch.id) == account.branch)
        .map(|branch| branch.name);
    Ok((account, branch, returned))
}

#[component]
fn Own() -> impl IntoView {
    let data: Resource<Result<Data, ApiError>> = Resource::new_blocking(|| (), |()| data());
    let content = |(account, branch, returned): Data| view! { <OwnView account branch returned /> }.into_any();
    view! { <Load data view=content /> }
}

#[component]
fn OwnView(account: Account, branch: Option<String>, returned: Returned<PasswordForm>) -> impl IntoView {
    let errors = returned.errors;
    let branch = branch.unwrap_or_else(|| "The whole organisation".to_owned());
    let facts = [
        ("Name", account.name),
        ("E-mail", account.email.clone()),
        ("Role", role_text(account.role).to_owned()),
        ("Branch", branch),
        ("Time zone", account.zone.as_str().replace('_', " ")),
    ];
    let hint = match account.role {
        AccountRole::Admin => "Administrators change these under Accounts.",
        AccountRole::Clerk => "If something is wrong here, ask an administrator.",
    };
    view! {
        <Page title="Your account" width=PageWidth::Narrow>
            <FormErrors errors=errors.clone() />
            <Card title="You">
                <dl class="facts">
                    {facts
                        .into_iter()
                        .map(|(term, value)| {
                            view! {
                                <div class="facts__fact">
                                    <dt>{term}</dt>
                                    <dd>{value}</dd>
                                </div>
                            }
                        })
                        .collect_view()}
                </dl>
                <p class="muted">{hint}</p>
            </Card>
            <Card title="Change your password">
                <form class="form" method="post" action=paths::ACCOUNT novalidate>
                    // For the browser's password keeper: which account these passwords are of.
                    <input class="visually-hidden" type="email" name="username" autocomplete="username" value=account.email readonly tabindex="-1" aria-hidden="true" />
                    <TextField name="current" label="Current password" kind="password" error=errors.get("current") autocomplete="current-password" required=true />
                    <TextField
                        name="new"
                        label="New password"
                        kind="password"
                        error=errors.get("new")
                        hint="At least 10 characters. Three or four unrelated words are good."
                        autocomplete="new-password"
                        maxlength=200
                        required=true
                    />
                    <p class="field__hint">"This signs you out everywhere; sign in again with the new one."</p>
                    <div class="form__actions">
                        <Button kind=ButtonKind::Primary>"Change password"</Button>
                    </div>
                </form>
            </Card>
            <Card title="Sign out everywhere">
                <p>"Ends your sessions in every browser, this one too. Do it when you left one signed in somewhere."</p>
                <form method="post" action=paths::SIGN_OUT_EVERYWHERE>
                    <Button>"Sign out everywhere"</Button>
                </form>
            </Card>
        </Page>
    }
}
