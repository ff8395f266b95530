//! Accounts: who signs in, as what, and for which branch.

use crate::forms::AccountForm;
use anteroom_domain::account::{Account, AccountRole};
use anteroom_domain::id::{AccountId, BranchId};
use anteroom_domain::organisation::Branch;
use leptos::prelude::*;

use super::FirstSteps;
use super::found::{FoundList, asked, column};
use crate::api::organisation::accounts::{Accounts, EditAccount, show_account, show_accounts};
use crate::api::organisation::found::{FindForm, Found};
use crate::api::{ApiError, FormState};
use crate::components::{
    Badge, Button, ButtonKind, ButtonLink, Card, Cell, Checkbox, Choice, Column, DataTable, FormErrors, Listed, Once,
    Page, PageWidth, PasswordField, Row, SelectField, TextField, Tone,
};
use crate::pages::staff::{Area, StaffFrame};
use crate::pages::{Load, ZoneField, ZoneList, id_param};
use crate::paths;

/// A role, as people call it.
pub fn role_text(role: AccountRole) -> &'static str {
    match role {
        AccountRole::Clerk => t!(admin::accounts::clerk),
        AccountRole::Admin => t!(admin::accounts::administrator),
    }
}

#[component]
pub fn AccountsPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Accounts view=|| view! { <List /> }.into_any() /> }
}

#[component]
fn List() -> impl IntoView {
    let form = asked();
    let data: Resource<Result<Accounts, ApiError>> = Resource::new_blocking(move || form.get(), show_accounts);
    view! { <Load data view=move |data: Accounts| view! { <ListView data form=form.get_untracked() /> }.into_any() /> }
}

#[component]
fn ListView(data: Accounts, form: FindForm) -> impl IntoView {
    let Accounts {
        choices,
        found,
        returned,
        now,
        whole,
        me,
    } = data;
    let (branches, shown) = (choices.branches.clone(), choices.branches.clone());
    let Found { rows, total, page } = found;
    view! {
        <Page title=t!(admin::accounts::title) lead=t!(admin::accounts::lead)>
            <FormErrors errors=returned.errors.clone() />
            <FirstSteps choices here=paths::ACCOUNTS />
            <FoundList
                form=form.clone()
                path=paths::ACCOUNTS
                listed=Listed::Accounts
                total
                page
                search=t!(admin::accounts::name_or_email)
                branches=branches.clone()
                states=(t!(admin::accounts::active), t!(admin::accounts::locked_out))
            >
                <Table accounts=rows branches=shown me form />
            </FoundList>
            <Card title=t!(admin::accounts::add_title)>
                <Fields returned branches now whole action=paths::ACCOUNTS submit=t!(admin::accounts::add) />
            </Card>
        </Page>
    }
}

#[component]
fn Table(accounts: Vec<Account>, branches: Vec<Branch>, me: AccountId, form: FindForm) -> impl IntoView {
    let by = |label: &str, key: &str| column(Column::new(label), paths::ACCOUNTS, &form, key);
    let columns = vec![
        by(t!(admin::accounts::name), "name"),
        by(t!(admin::accounts::email), "email"),
        by(t!(admin::accounts::role), "role"),
        by(t!(admin::accounts::branch), "branch"),
        by(t!(admin::accounts::state), "state"),
    ];
    let name_of = |id: BranchId| {
        branches
            .iter()
            .find(|branch| branch.id == id)
            .map(|branch| branch.name.clone())
    };
    let rows = accounts
        .into_iter()
        .map(|account| {
            let branch = match account.branch {
                Some(id) => name_of(id).unwrap_or_default(),
                None => t!(admin::accounts::all_branches).to_owned(),
            };
            let link = view! { <a href=paths::account(account.id)>{account.name}</a> };
            let name = if account.id == me {
                t_view!(admin::accounts::you { name: link }).into_any()
            } else {
                link.into_any()
            };
            view! {
                <Row>
                    <Cell heading=true>{name}</Cell>
                    <Cell label=t!(admin::accounts::email)>{account.email}</Cell>
                    <Cell label=t!(admin::accounts::role)>{role_text(account.role)}</Cell>
                    <Cell label=t!(admin::accounts::branch)>{branch}</Cell>
                    <Cell label=t!(admin::accounts::state)>
                        {if account.active {
                            view! { <Badge tone=Tone::Success label=t!(admin::accounts::active) /> }
                        } else {
                            view! { <Badge label=t!(admin::accounts::locked_out) /> }
                        }}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption=t!(admin::accounts::title) columns>
            {rows}
        </DataTable>
    }
}

#[component]
pub fn AccountPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Accounts view=|| view! { <Edit /> }.into_any() /> }
}

#[component]
fn Edit() -> impl IntoView {
    let id = id_param();
    let data: Resource<Result<EditAccount, ApiError>> =
        Resource::new_blocking(move || id.get(), |id| show_account(AccountId(id)));
    view! { <Load data view=|data: EditAccount| view! { <EditView data /> }.into_any() /> }
}

#[component]
fn EditView(data: EditAccount) -> impl IntoView {
    let EditAccount {
        account,
        branches,
        returned,
        now,
        whole,
        own,
    } = data;
    let above = view! { <a href=paths::ACCOUNTS>{t!(admin::accounts::title)}</a> }.into_any();
    let lead = if own {
        t!(admin::accounts::own_lead)
    } else {
        t!(admin::accounts::saving_lead)
    };
    let existing = Some(account.email);
    view! {
        <Page title=account.name lead=lead width=PageWidth::Narrow above=above>
            <FormErrors errors=returned.errors.clone() />
            {own
                .then(|| {
                    let elsewhere = view! { <a href=paths::ACCOUNT>{t!(admin::accounts::your_account)}</a> };
                    view! { <p>{t_view!(admin::accounts::own { link: elsewhere })}</p> }
                })}
            <Card>
                <Fields
                    returned
                    branches
                    now
                    whole
                    action=paths::account(account.id)
                    submit=t!(admin::accounts::save)
                    back=paths::ACCOUNTS
                    existing
                />
            </Card>
        </Page>
    }
}

#[component]
fn Fields(
    returned: FormState<AccountForm>,
    branches: Vec<Branch>,
    now: jiff::Timestamp,
    /// May it be one of the whole organisation?
    whole: bool,
    #[prop(into)] action: String,
    submit: &'static str,
    /// Where *Cancel* leads.
    #[prop(optional, into)]
    back: Option<String>,
    /// The address of an account that exists: it stays, and so may the password.
    #[prop(optional_no_strip)]
    existing: Option<String>,
) -> impl IntoView {
    let FormState { form, errors, .. } = returned;
    let roles = [AccountRole::Clerk, AccountRole::Admin];
    let roles = roles
        .into_iter()
        .map(|role| Choice::new(role.into_str(), role_text(role)))
        .collect::<Vec<_>>();
    let choices = branches
        .into_iter()
        .map(|branch| Choice::new(branch.id.to_string(), branch.name))
        .collect::<Vec<_>>();
    let (prompt, branch_hint) = if whole {
        (
            t!(admin::accounts::whole_organisation),
            t!(admin::accounts::branch_hint),
        )
    } else {
        (t!(admin::accounts::choose_branch), "")
    };
    let is_new = existing.is_none();
    let email = match existing {
        Some(email) => view! {
            <TextField name="email" label=t!(admin::accounts::email) kind="email" value=email hint=t!(admin::accounts::email_stays) autocomplete="off" readonly=true />
        }
        .into_any(),
        None => view! {
            <TextField name="email" label=t!(admin::accounts::email) kind="email" value=form.email error=errors.get("email") autocomplete="off" maxlength=320 required=true />
        }
        .into_any(),
    };
    let password = errors.get("password");
    let password = if is_new {
        let hint = t!(admin::accounts::password_hint);
        view! {
            <PasswordField name="password" label=t!(admin::accounts::password) error=password hint autocomplete="new-password" maxlength=200 required=true />
        }
        .into_any()
    } else {
        let hint = t!(admin::accounts::new_password_hint);
        view! {
            <PasswordField name="password" label=t!(admin::accounts::new_password) error=password hint autocomplete="new-password" maxlength=200 optional=true />
        }
        .into_any()
    };
    let state = if is_new {
        view! { <input type="hidden" name="active" value="on" /> }.into_any()
    } else {
        view! {
            <Checkbox
                name="active"
                label=t!(admin::accounts::may_sign_in)
                value="on"
                checked=!form.active.is_empty()
                hint=t!(admin::accounts::may_sign_in_hint)
            />
        }
        .into_any()
    };
    view! {
        <form class="form" method="post" action=action novalidate>
            <Once />
            <TextField name="name" label=t!(admin::accounts::name) value=form.name error=errors.get("name") hint=t!(admin::accounts::name_hint) autocomplete="off" maxlength=100 required=true />
            {email}
            <div class="field-row">
                <SelectField name="role" label=t!(admin::accounts::role) choices=roles value=form.role error=errors.get("role") required=true />
                <SelectField name="branch" label=t!(admin::accounts::branch) choices value=form.branch prompt hint=branch_hint error=errors.get("branch") />
            </div>
            <ZoneField name="zone" label=t!(admin::accounts::zone) value=form.zone now error=errors.get("zone") required=true />
            <ZoneList />
            <TextField
                name="entra_id"
                label=t!(admin::accounts::entra_id)
                value=form.entra_id
                error=errors.get("entra_id")
                hint=t!(admin::accounts::entra_id_hint)
                autocomplete="off"
                maxlength=36
                optional=true
            />
            {password}
            {state}
            <div class="form__actions">
                <Button kind=ButtonKind::Primary>{submit}</Button>
                {back.map(|back| view! { <ButtonLink href=back kind=ButtonKind::Quiet>{t!(admin::accounts::leave)}</ButtonLink> })}
            </div>
        </form>
    }
}
