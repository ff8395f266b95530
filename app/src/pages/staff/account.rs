use anteroom_domain::account::AccountRole;
use anteroom_domain::time::Zone;
use anteroom_domain::view::OpenSession;
use leptos::prelude::*;

use super::{Area, StaffFrame};
use crate::api::ApiError;
use crate::api::organisation::list::list_organisation;
use crate::api::session::sign_in_form::{OwnAccount, show_own_account};
use crate::components::{Button, ButtonKind, Card, FormErrors, LocalTime, Page, PageWidth, PasswordField, zone_text};
use crate::pages::Load;
use crate::pages::admin::accounts::role_text;
use crate::paths;

/// Who I am here, and what I keep myself: my password, and where I am signed in.
#[component]
pub fn AccountPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Account view=|| view! { <Own /> }.into_any() /> }
}

/// With the name of the branch.
type Data = (OwnAccount, Option<String>);

async fn data() -> Result<Data, ApiError> {
    let own = show_own_account().await?;
    let branches = list_organisation().await?.branches;
    let branch = branches
        .into_iter()
        .find(|branch| Some(branch.id) == own.account.branch)
        .map(|branch| branch.name);
    Ok((own, branch))
}

#[component]
fn Own() -> impl IntoView {
    let data: Resource<Result<Data, ApiError>> = Resource::new_blocking(|| (), |()| data());
    let content = |(own, branch): Data| view! { <OwnView own branch /> }.into_any();
    view! { <Load data view=content /> }
}

#[component]
fn OwnView(own: OwnAccount, branch: Option<String>) -> impl IntoView {
    let OwnAccount {
        account,
        sessions,
        returned,
    } = own;
    let errors = returned.errors;
    let branch = branch.unwrap_or_else(|| "The whole organisation".to_owned());
    let facts = [
        ("Name", account.name),
        ("E-mail", account.email.clone()),
        ("Role", role_text(account.role).to_owned()),
        ("Branch", branch),
        ("Time zone", zone_text(&account.zone)),
    ];
    let zone = account.zone.clone();
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
                    <PasswordField name="current" label="Current password" error=errors.get("current") autocomplete="current-password" required=true />
                    <PasswordField
                        name="new"
                        label="New password"
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
            <Card title="Where you are signed in">
                <ul class="sessions">
                    {sessions
                        .into_iter()
                        .map(|session| view! { <SessionLine session zone=zone.clone() /> })
                        .collect_view()}
                </ul>
                <p class="muted">"Signing out also ends what you are in at that moment, such as a meeting."</p>
                <form method="post" action=paths::SIGN_OUT_EVERYWHERE>
                    <Button>"Sign out everywhere"</Button>
                </form>
            </Card>
        </Page>
    }
}

#[component]
fn SessionLine(session: OpenSession, zone: Zone) -> impl IntoView {
    let browser = match session.browser.as_str() {
        "" => "A browser that does not say its name".to_owned(),
        name => name.to_owned(),
    };
    let label = format!("Sign out {browser}");
    view! {
        <li class="sessions__session">
            <div>
                <p class="sessions__browser">{browser}</p>
                <p class="muted">
                    "Since " <LocalTime at=session.since zone=zone.clone() />
                    {(!session.is_this).then(|| view! { ", last used " <LocalTime at=session.used_at zone /> })}
                </p>
            </div>
            {if session.is_this {
                view! { <p class="muted">"This browser"</p> }.into_any()
            } else {
                view! {
                    <form method="post" action=paths::end_session(session.id)>
                        <button class="button button--quiet" aria-label=label>"Sign out"</button>
                    </form>
                }
                    .into_any()
            }}
        </li>
    }
}
