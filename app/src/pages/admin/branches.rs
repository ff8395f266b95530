//! Branches: where consultations are held, and in whose time.

use crate::forms::BranchForm;
use anteroom_domain::id::BranchId;
use leptos::prelude::*;

use super::FirstSteps;
use super::found::{FoundList, asked, column};
use crate::api::organisation::branches::{BranchRow, Branches, EditBranch, show_branch, show_branches};
use crate::api::organisation::found::{FindForm, Found};
use crate::api::{ApiError, FormState};
use crate::components::{
    Button, ButtonKind, ButtonLink, Card, Cell, Column, DataTable, FormErrors, Listed, Once, Page, PageWidth, Row,
    TextArea, TextField, TimeField, zone_text,
};
use crate::language::lang;
use crate::pages::staff::{Area, StaffFrame};
use crate::pages::{Load, ZoneField, ZoneList, id_param};
use crate::paths;
use crate::words::hours_text;

#[component]
pub fn BranchesPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Branches view=|| view! { <List /> }.into_any() /> }
}

#[component]
fn List() -> impl IntoView {
    let form = asked();
    let data: Resource<Result<Branches, ApiError>> = Resource::new_blocking(move || form.get(), show_branches);
    view! { <Load data view=move |data: Branches| view! { <ListView data form=form.get_untracked() /> }.into_any() /> }
}

#[component]
fn ListView(data: Branches, form: FindForm) -> impl IntoView {
    let Branches {
        choices,
        found,
        add,
        now,
    } = data;
    let errors = add.as_ref().map(|returned| returned.errors.clone()).unwrap_or_default();
    let is_empty = choices.branches.is_empty();
    let Found { rows, total, page } = found;
    view! {
        <Page title=t!(admin::branches::title) lead=t!(admin::branches::lead)>
            <FormErrors errors />
            <FirstSteps choices here=paths::BRANCHES />
            {(!is_empty)
                .then(|| {
                    view! {
                        <FoundList form=form.clone() path=paths::BRANCHES listed=Listed::Branches total page search=t!(admin::branches::name)>
                            <Table rows form />
                        </FoundList>
                    }
                })}
            {add
                .map(|returned| {
                    view! {
                        <Card title=t!(admin::branches::add_title)>
                            <Fields returned now action=paths::BRANCHES submit=t!(admin::branches::add) />
                        </Card>
                    }
                })}
        </Page>
    }
}

#[component]
fn Table(rows: Vec<BranchRow>, form: FindForm) -> impl IntoView {
    let by = |of: Column, key: &str| column(of, paths::BRANCHES, &form, key);
    let columns = vec![
        by(Column::new(t!(admin::branches::name)), "name"),
        by(Column::new(t!(admin::branches::open)), "open"),
        by(Column::new(t!(admin::branches::zone)), "zone"),
        by(Column::numeric(t!(admin::branches::services_in_use)), "services"),
    ];
    let rows = rows
        .into_iter()
        .map(|BranchRow { branch, in_use }| {
            let hours = hours_text(lang(), branch.hours);
            view! {
                <Row>
                    <Cell heading=true>
                        <a href=paths::branch(branch.id)>{branch.name}</a>
                    </Cell>
                    <Cell label=t!(admin::branches::open)>{hours}</Cell>
                    <Cell label=t!(admin::branches::zone)>{zone_text(&branch.zone)}</Cell>
                    <Cell label=t!(admin::branches::in_use) numeric=true>
                        {in_use.to_string()}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption=t!(admin::branches::title) columns>
            {rows}
        </DataTable>
    }
}

#[component]
pub fn BranchPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Branches view=|| view! { <Edit /> }.into_any() /> }
}

#[component]
fn Edit() -> impl IntoView {
    let id = id_param();
    let data: Resource<Result<EditBranch, ApiError>> =
        Resource::new_blocking(move || id.get(), |id| show_branch(BranchId(id)));
    view! { <Load data view=|data: EditBranch| view! { <EditView data /> }.into_any() /> }
}

#[component]
fn EditView(data: EditBranch) -> impl IntoView {
    let EditBranch { branch, returned, now } = data;
    let above = view! { <a href=paths::BRANCHES>{t!(admin::branches::title)}</a> }.into_any();
    view! {
        <Page title=branch.name width=PageWidth::Narrow above=above>
            <FormErrors errors=returned.errors.clone() />
            <Card>
                <Fields returned now action=paths::branch(branch.id) submit=t!(admin::branches::save) back=paths::BRANCHES />
            </Card>
        </Page>
    }
}

#[component]
fn Fields(
    returned: FormState<BranchForm>,
    now: jiff::Timestamp,
    #[prop(into)] action: String,
    submit: &'static str,
    /// Where *Cancel* leads.
    #[prop(optional, into)]
    back: Option<String>,
) -> impl IntoView {
    let FormState { form, errors, .. } = returned;
    view! {
        <form class="form" method="post" action=action novalidate>
            <Once />
            <TextField name="name" label=t!(admin::branches::name) value=form.name error=errors.get("name") autocomplete="off" maxlength=100 required=true />
            <ZoneField name="zone" label=t!(admin::branches::zone) value=form.zone now error=errors.get("zone") required=true />
            <ZoneList />
            <div class="field-row">
                <TimeField name="opens" label=t!(admin::branches::opens) value=form.opens error=errors.get("opens") step=900 required=true />
                <TimeField name="closes" label=t!(admin::branches::closes) value=form.closes error=errors.get("closes") step=900 required=true />
            </div>
            <p class="field__hint">{t!(admin::branches::hours_hint)}</p>
            <fieldset class="form__group">
                <legend>{t!(admin::branches::contact)}</legend>
                <p class="field__hint">{t!(admin::branches::contact_hint)}</p>
                <TextField name="phone" label=t!(admin::branches::phone) kind="tel" value=form.phone error=errors.get("phone") autocomplete="off" maxlength=40 optional=true />
                <TextField name="email" label=t!(admin::branches::email) kind="email" value=form.email error=errors.get("email") autocomplete="off" maxlength=320 optional=true />
                <TextArea name="address" label=t!(admin::branches::address) value=form.address error=errors.get("address") maxlength=300 rows=3 optional=true />
            </fieldset>
            <div class="form__actions">
                <Button kind=ButtonKind::Primary>{submit}</Button>
                {back.map(|back| view! { <ButtonLink href=back kind=ButtonKind::Quiet>{t!(admin::branches::leave)}</ButtonLink> })}
            </div>
        </form>
    }
}
