use anteroom_domain::account::AccountRole;
use anteroom_domain::time::Zone;
use anteroom_domain::view::OpenSession;
use leptos::prelude::*;

use super::{Area, StaffFrame};
use crate::api::ApiError;
use crate::api::organisation::list::list_organisation;
use crate::api::session::sign_in_form::{OwnAccount, show_own_account};
use crate::components::{
    Button, ButtonKind, Card, FormErrors, LanguageChoices, LocalTime, Page, PageWidth, PasswordField, zone_text,
};
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
    let branch = branch.unwrap_or_else(|| t!(staff::account::whole_organisation).to_owned());
    let facts = [
        (t!(staff::account::name), account.name),
        (t!(staff::account::email), account.email.clone()),
        (t!(staff::account::role), role_text(account.role).to_owned()),
        (t!(staff::account::branch), branch),
        (t!(staff::account::zone), zone_text(&account.zone)),
    ];
    let zone = account.zone.clone();
    let hint = match account.role {
        AccountRole::Admin => t!(staff::account::admins_change),
        AccountRole::Clerk => t!(staff::account::ask_admin),
    };
    view! {
        <Page title=t!(staff::account::title) width=PageWidth::Narrow>
            <FormErrors errors=errors.clone() />
            <Card title=t!(staff::account::you)>
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
            <Card title=t!(staff::account::language)>
                <div id="language" class="language-choice">
                    <p class="muted">{t!(staff::account::language_hint)}</p>
                    <LanguageChoices />
                </div>
            </Card>
            <Card title=t!(staff::account::change_password_title)>
                <form class="form" method="post" action=paths::ACCOUNT novalidate>
                    // For the browser's password keeper: which account these passwords are of.
                    <input class="visually-hidden" type="email" name="username" autocomplete="username" value=account.email readonly tabindex="-1" aria-hidden="true" />
                    <PasswordField name="current" label=t!(staff::account::current_password) error=errors.get("current") autocomplete="current-password" required=true />
                    <PasswordField
                        name="new"
                        label=t!(staff::account::new_password)
                        error=errors.get("new")
                        hint=t!(staff::account::password_hint)
                        autocomplete="new-password"
                        maxlength=200
                        required=true
                    />
                    <p class="field__hint">{t!(staff::account::signs_out)}</p>
                    <div class="form__actions">
                        <Button kind=ButtonKind::Primary>{t!(staff::account::change_password)}</Button>
                    </div>
                </form>
            </Card>
            <Card title=t!(staff::account::sessions)>
                <ul class="sessions">
                    {sessions
                        .into_iter()
                        .map(|session| view! { <SessionLine session zone=zone.clone() /> })
                        .collect_view()}
                </ul>
                <p class="muted">{t!(staff::account::sign_out_hint)}</p>
                <form method="post" action=paths::SIGN_OUT_EVERYWHERE>
                    <Button>{t!(staff::account::sign_out_everywhere)}</Button>
                </form>
            </Card>
        </Page>
    }
}

#[component]
fn SessionLine(session: OpenSession, zone: Zone) -> impl IntoView {
    let browser = match session.browser.as_str() {
        "" => t!(staff::account::unnamed_browser).to_owned(),
        name => name.to_owned(),
    };
    let label = t!(staff::account::sign_out_browser { browser: &browser });
    let begun = view! { <LocalTime at=session.since zone=zone.clone() /> };
    let when = if session.is_this {
        t_view!(staff::account::since { since: begun })
    } else {
        t_view!(staff::account::since_last_used {
            since: begun,
            used: view! { <LocalTime at=session.used_at zone /> },
        })
    };
    view! {
        <li class="sessions__session">
            <div>
                <p class="sessions__browser">{browser}</p>
                <p class="muted">{when}</p>
            </div>
            {if session.is_this {
                view! { <p class="muted">{t!(staff::account::this_browser)}</p> }.into_any()
            } else {
                view! {
                    <form method="post" action=paths::end_session(session.id)>
                        <button class="button button--quiet" aria-label=label>{t!(staff::account::sign_out)}</button>
                    </form>
                }
                    .into_any()
            }}
        </li>
    }
}
