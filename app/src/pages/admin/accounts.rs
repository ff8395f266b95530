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

const PASSWORD_HINT: &str = "At least 10 characters. Three or four unrelated words are good.";

/// A role, as people call it.
pub fn role_text(role: AccountRole) -> &'static str {
    match role {
        AccountRole::Clerk => "Clerk",
        AccountRole::Admin => "Administrator",
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
        <Page title="Accounts" lead="Everybody of staff signs in with an account of their own. Clerks host consultations; administrators also see figures and keep these pages.">
            <FormErrors errors=returned.errors.clone() />
            <FirstSteps choices here=paths::ACCOUNTS />
            <FoundList
                form=form.clone()
                path=paths::ACCOUNTS
                listed=Listed::Accounts
                noun="accounts"
                total
                page
                search="Name or e-mail"
                branches=branches.clone()
                states=("Active", "Can't sign in")
            >
                <Table accounts=rows branches=shown me form />
            </FoundList>
            <Card title="Add an account">
                <Fields returned branches now whole action=paths::ACCOUNTS submit="Add account" />
            </Card>
        </Page>
    }
}

#[component]
fn Table(accounts: Vec<Account>, branches: Vec<Branch>, me: AccountId, form: FindForm) -> impl IntoView {
    let by = |label: &str, key: &str| column(Column::new(label), paths::ACCOUNTS, &form, key);
    let columns = vec![
        by("Name", "name"),
        by("E-mail", "email"),
        by("Role", "role"),
        by("Branch", "branch"),
        by("State", "state"),
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
                None => "All".to_owned(),
            };
            view! {
                <Row>
                    <Cell heading=true>
                        <a href=paths::account(account.id)>{account.name}</a>
                        {(account.id == me).then_some(" (you)")}
                    </Cell>
                    <Cell label="E-mail">{account.email}</Cell>
                    <Cell label="Role">{role_text(account.role)}</Cell>
                    <Cell label="Branch">{branch}</Cell>
                    <Cell label="State">
                        {if account.active {
                            view! { <Badge tone=Tone::Success label="Active" /> }
                        } else {
                            view! { <Badge label="Can't sign in" /> }
                        }}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Accounts" columns>
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
    let above = view! { <a href=paths::ACCOUNTS>"Accounts"</a> }.into_any();
    let lead = if own {
        "This is your own account."
    } else {
        "Saving signs this person out everywhere."
    };
    let existing = Some(account.email);
    view! {
        <Page title=account.name lead=lead width=PageWidth::Narrow above=above>
            <FormErrors errors=returned.errors.clone() />
            {own
                .then(|| {
                    view! {
                        <p>
                            "Your password is changed under " <a href=paths::ACCOUNT>"Your account"</a>
                            ". Your role, your branch and whether you may sign in are for another administrator to change."
                        </p>
                    }
                })}
            <Card>
                <Fields
                    returned
                    branches
                    now
                    whole
                    action=paths::account(account.id)
                    submit="Save"
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
            "The whole organisation",
            "Clerks need one. An administrator without one answers for all of them.",
        )
    } else {
        ("Choose a branch", "")
    };
    let is_new = existing.is_none();
    let email = match existing {
        Some(email) => view! {
            <TextField name="email" label="E-mail" kind="email" value=email hint="The address is how an account is known; it stays." autocomplete="off" readonly=true />
        }
        .into_any(),
        None => view! {
            <TextField name="email" label="E-mail" kind="email" value=form.email error=errors.get("email") autocomplete="off" maxlength=320 required=true />
        }
        .into_any(),
    };
    let password = errors.get("password");
    let password = if is_new {
        let hint = format!("{PASSWORD_HINT} Tell it in person; they choose their own when they first sign in.");
        view! {
            <PasswordField name="password" label="Password" error=password hint autocomplete="new-password" maxlength=200 required=true />
        }
        .into_any()
    } else {
        let hint = format!(
            "{PASSWORD_HINT} They choose their own with it when they sign in. Leave it empty to keep the present one."
        );
        view! {
            <PasswordField name="password" label="New password" error=password hint autocomplete="new-password" maxlength=200 optional=true />
        }
        .into_any()
    };
    let state = if is_new {
        view! { <input type="hidden" name="active" value="on" /> }.into_any()
    } else {
        view! {
            <Checkbox
                name="active"
                label="May sign in"
                value="on"
                checked=!form.active.is_empty()
                hint="Without it they are signed out, and nothing new can be scheduled with them. What is scheduled stays."
            />
        }
        .into_any()
    };
    view! {
        <form class="form" method="post" action=action novalidate>
            <Once />
            <TextField name="name" label="Name" value=form.name error=errors.get("name") hint="As customers read it." autocomplete="off" maxlength=100 required=true />
            {email}
            <div class="field-row">
                <SelectField name="role" label="Role" choices=roles value=form.role error=errors.get("role") required=true />
                <SelectField name="branch" label="Branch" choices value=form.branch prompt hint=branch_hint error=errors.get("branch") />
            </div>
            <ZoneField name="zone" label="Time zone" value=form.zone now error=errors.get("zone") required=true />
            <ZoneList />
            <TextField
                name="entra_id"
                label="Object ID in Microsoft Entra"
                value=form.entra_id
                error=errors.get("entra_id")
                hint="With it, Teams meetings can be made in their name."
                autocomplete="off"
                maxlength=36
                optional=true
            />
            {password}
            {state}
            <div class="form__actions">
                <Button kind=ButtonKind::Primary>{submit}</Button>
                {back.map(|back| view! { <ButtonLink href=back kind=ButtonKind::Quiet>"Cancel"</ButtonLink> })}
            </div>
        </form>
    }
}
