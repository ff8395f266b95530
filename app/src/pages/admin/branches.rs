//! Branches: where consultations are held, and in whose time.

use anteroom_domain::id::BranchId;
use anteroom_domain::organisation::{Branch, Service};
use anteroom_domain::organisation_form::BranchForm;
use leptos::prelude::*;

use super::{FirstSteps, zone_choices};
use crate::api::organisation::branches::{Branches, EditBranch, clock, show_branch, show_branches};
use crate::api::{ApiError, Returned};
use crate::components::{
    Button, ButtonKind, ButtonLink, Card, Cell, Column, DataTable, FormErrors, Page, PageWidth, Row, SelectField,
    TextField, TimeField,
};
use crate::pages::staff::{Area, StaffFrame};
use crate::pages::{Load, id_param};
use crate::paths;

#[component]
pub fn BranchesPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Branches view=|| view! { <List /> }.into_any() /> }
}

#[component]
fn List() -> impl IntoView {
    let data: Resource<Result<Branches, ApiError>> = Resource::new_blocking(|| (), |()| show_branches());
    view! { <Load data view=|data: Branches| view! { <ListView data /> }.into_any() /> }
}

#[component]
fn ListView(data: Branches) -> impl IntoView {
    let Branches { choices, add, zones } = data;
    let errors = add.as_ref().map(|returned| returned.errors.clone()).unwrap_or_default();
    let (branches, services) = (choices.branches.clone(), choices.services.clone());
    view! {
        <Page title="Branches" lead="Each has its time zone and its opening hours. Services, clerks and figures belong to one.">
            <FormErrors errors />
            <FirstSteps choices here=paths::BRANCHES />
            {(!branches.is_empty()).then(|| view! { <Table branches services /> })}
            {add
                .map(|returned| {
                    view! {
                        <Card title="Add a branch">
                            <Fields returned zones action=paths::BRANCHES submit="Add branch" />
                        </Card>
                    }
                })}
        </Page>
    }
}

#[component]
fn Table(branches: Vec<Branch>, services: Vec<Service>) -> impl IntoView {
    let columns = vec![
        Column::new("Name"),
        Column::new("Open"),
        Column::new("Time zone"),
        Column::numeric("Services in use"),
    ];
    let rows = branches
        .into_iter()
        .map(|branch| {
            let in_use = services
                .iter()
                .filter(|service| service.branch == branch.id && service.active)
                .count();
            let hours = format!("{}–{}", clock(branch.hours.opens), clock(branch.hours.closes));
            view! {
                <Row>
                    <Cell heading=true>
                        <a href=paths::branch(branch.id)>{branch.name}</a>
                    </Cell>
                    <Cell label="Open">{hours}</Cell>
                    <Cell label="Time zone">{branch.zone.as_str().replace('_', " ")}</Cell>
                    <Cell label="In use" numeric=true>
                        {in_use.to_string()}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Branches" columns>
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
    let EditBranch {
        branch,
        returned,
        zones,
    } = data;
    let above = view! { <a href=paths::BRANCHES>"Branches"</a> }.into_any();
    view! {
        <Page title=branch.name width=PageWidth::Narrow above=above>
            <FormErrors errors=returned.errors.clone() />
            <Card>
                <Fields returned zones action=paths::branch(branch.id) submit="Save" back=paths::BRANCHES />
            </Card>
        </Page>
    }
}

#[component]
fn Fields(
    returned: Returned<BranchForm>,
    zones: Vec<String>,
    #[prop(into)] action: String,
    submit: &'static str,
    /// Where *Cancel* leads.
    #[prop(optional, into)]
    back: Option<String>,
) -> impl IntoView {
    let Returned { form, errors, .. } = returned;
    let zones = zone_choices(zones);
    view! {
        <form class="form" method="post" action=action novalidate>
            <TextField name="name" label="Name" value=form.name error=errors.get("name") autocomplete="off" maxlength=100 required=true />
            <SelectField name="zone" label="Time zone" choices=zones value=form.zone prompt="Choose a time zone" error=errors.get("zone") required=true />
            <div class="field-row">
                <TimeField name="opens" label="Opens" value=form.opens error=errors.get("opens") step=900 required=true />
                <TimeField name="closes" label="Closes" value=form.closes error=errors.get("closes") step=900 required=true />
            </div>
            <p class="field__hint">"Monday to Friday. Free times are offered within these hours; a clerk may schedule outside them."</p>
            <div class="form__actions">
                <Button kind=ButtonKind::Primary>{submit}</Button>
                {back.map(|back| view! { <ButtonLink href=back kind=ButtonKind::Quiet>"Cancel"</ButtonLink> })}
            </div>
        </form>
    }
}
