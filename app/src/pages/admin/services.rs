//! Services: what is consulted on, and how long it takes.

use crate::forms::ServiceForm;
use anteroom_domain::id::{BranchId, ServiceId};
use anteroom_domain::organisation::{Branch, Engine, Service};
use anteroom_domain::time::Zone;
use anteroom_domain::value::{MAX_BUFFER_MINUTES, MAX_CONSENT_CHARS, MAX_MINUTES};
use anteroom_domain::view::{ConsentVersion, TeamsOffer};
use leptos::prelude::*;

use super::FirstSteps;
use super::found::{FoundList, asked, column};
use crate::api::organisation::found::{FindForm, Found};
use crate::api::organisation::services::{EditService, ServiceList, show_service, show_services};
use crate::api::{ApiError, FormState};
use crate::components::{
    Badge, Button, ButtonKind, ButtonLink, Card, Cell, Checkbox, Choice, Column, DataTable, FormErrors, Listed,
    LocalTime, Once, Page, PageWidth, Row, SelectField, TextArea, TextField, Tone,
};
use crate::pages::staff::{Area, StaffFrame};
use crate::pages::{Load, id_param};
use crate::paths;
use crate::words::Sentence as _;

#[component]
pub fn ServicesPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Services view=|| view! { <List /> }.into_any() /> }
}

#[component]
fn List() -> impl IntoView {
    let form = asked();
    let data: Resource<Result<ServiceList, ApiError>> = Resource::new_blocking(move || form.get(), show_services);
    view! { <Load data view=move |data: ServiceList| view! { <ListView data form=form.get_untracked() /> }.into_any() /> }
}

#[component]
fn ListView(data: ServiceList, form: FindForm) -> impl IntoView {
    let ServiceList {
        choices,
        found,
        returned,
    } = data;
    let (branches, teams) = (choices.branches.clone(), choices.teams.clone());
    let Found { rows, total, page } = found;
    let is_empty = total == 0 && form == FindForm::default();
    let (shown, filtered) = (branches.clone(), branches.clone());
    view! {
        <Page title="Services" lead="What customers come for. Its usual length and the time around it are what is offered when scheduling.">
            <FormErrors errors=returned.errors.clone() />
            <FirstSteps choices here=paths::SERVICES />
            {(!is_empty)
                .then(|| {
                    view! {
                        <FoundList
                            form=form.clone()
                            path=paths::SERVICES
                            listed=Listed::Services
                            noun="services"
                            total
                            page
                            search="Name"
                            branches=filtered
                            states=("Offered", "Not offered")
                        >
                            <Table services=rows branches=shown form />
                        </FoundList>
                    }
                })}
            {(!branches.is_empty())
                .then(|| {
                    view! {
                        <Card title="Add a service">
                            <Fields returned branches teams action=paths::SERVICES submit="Add service" />
                        </Card>
                    }
                })}
        </Page>
    }
}

#[component]
fn Table(services: Vec<Service>, branches: Vec<Branch>, form: FindForm) -> impl IntoView {
    let by = |of: Column, key: &str| column(of, paths::SERVICES, &form, key);
    let columns = vec![
        by(Column::new("Name"), "name"),
        by(Column::new("Branch"), "branch"),
        by(Column::numeric("Length"), "length"),
        Column::new("Kept free"),
        by(Column::new("State"), "state"),
    ];
    let name_of = |id: BranchId| {
        branches
            .iter()
            .find(|branch| branch.id == id)
            .map(|branch| branch.name.clone())
    };
    let rows = services
        .into_iter()
        .map(|service| {
            let (branch, buffers) = (name_of(service.branch).unwrap_or_default(), buffers(&service));
            view! {
                <Row>
                    <Cell heading=true>
                        <a href=paths::service(service.id)>{service.name}</a>
                    </Cell>
                    <Cell label="Branch">{branch}</Cell>
                    <Cell label="Length" numeric=true>
                        {format!("{} min", service.minutes)}
                    </Cell>
                    <Cell label="Kept free">{buffers}</Cell>
                    <Cell label="State">
                        {if service.active {
                            view! { <Badge tone=Tone::Success label="Offered" /> }
                        } else {
                            view! { <Badge label="Not offered" /> }
                        }}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Services" columns>
            {rows}
        </DataTable>
    }
}

fn buffers(service: &Service) -> String {
    match (service.buffer_before, service.buffer_after) {
        (0, 0) => "Nothing".to_owned(),
        (before, 0) => format!("{before} min before"),
        (0, after) => format!("{after} min after"),
        (before, after) => format!("{before} min before, {after} min after"),
    }
}

#[component]
pub fn ServicePage() -> impl IntoView {
    view! { <StaffFrame area=Area::Services view=|| view! { <Edit /> }.into_any() /> }
}

#[component]
fn Edit() -> impl IntoView {
    let id = id_param();
    let data: Resource<Result<EditService, ApiError>> =
        Resource::new_blocking(move || id.get(), |id| show_service(ServiceId(id)));
    view! { <Load data view=|data: EditService| view! { <EditView data /> }.into_any() /> }
}

#[component]
fn EditView(data: EditService) -> impl IntoView {
    let EditService {
        service,
        branch,
        teams,
        consents,
        returned,
    } = data;
    let zone = branch.zone.clone();
    let above = view! {
        <a href=paths::SERVICES>"Services"</a>
        <span>{branch.name.clone()}</span>
    }
    .into_any();
    view! {
        <Page title=service.name width=PageWidth::Narrow above=above>
            <FormErrors errors=returned.errors.clone() />
            <Card>
                <Fields
                    returned
                    branches=vec![branch]
                    teams
                    action=paths::service(service.id)
                    submit="Save"
                    back=paths::SERVICES
                    existing=true
                />
            </Card>
            {(!consents.is_empty()).then(|| view! { <Consents consents zone /> })}
        </Page>
    }
}

/// Which text a version in a consultation's events stands for.
#[component]
fn Consents(consents: Vec<ConsentVersion>, zone: Zone) -> impl IntoView {
    let versions = consents
        .into_iter()
        .map(|version| {
            let zone = zone.clone();
            view! {
                <div class="facts__fact">
                    <dt>{format!("Version {}, from ", version.id)} <LocalTime at=version.since zone /></dt>
                    <dd class="prewrap">
                        {if version.text.is_empty() { "Guests are asked nothing.".to_owned() } else { version.text }}
                    </dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <Card title="What guests were asked to agree to">
            <dl class="facts">{versions}</dl>
        </Card>
    }
}

#[component]
fn Fields(
    returned: FormState<ServiceForm>,
    branches: Vec<Branch>,
    teams: TeamsOffer,
    #[prop(into)] action: String,
    submit: &'static str,
    /// Where *Cancel* leads.
    #[prop(optional, into)]
    back: Option<String>,
    /// It stays in its branch, and can be taken out of use.
    #[prop(optional)]
    existing: bool,
) -> impl IntoView {
    let FormState { form, errors, .. } = returned;
    let choices = branches
        .into_iter()
        .map(|branch| Choice::new(branch.id.to_string(), branch.name))
        .collect::<Vec<_>>();
    let branch = if existing {
        view! { <input type="hidden" name="branch" value=form.branch /> }.into_any()
    } else {
        view! {
            <SelectField name="branch" label="Branch" choices value=form.branch prompt="Choose a branch" error=errors.get("branch") required=true />
        }
        .into_any()
    };
    let state = if existing {
        view! {
            <Checkbox
                name="active"
                label="Offered when scheduling"
                value="on"
                checked=!form.active.is_empty()
                hint="What is already scheduled stays, with its length and its time around it."
            />
        }
        .into_any()
    } else {
        view! { <input type="hidden" name="active" value="on" /> }.into_any()
    };
    let most = MAX_BUFFER_MINUTES.to_string();
    view! {
        <form class="form" method="post" action=action novalidate>
            <Once />
            {branch}
            <TextField name="name" label="Name" value=form.name error=errors.get("name") hint="As customers read it, such as Mortgage advice." autocomplete="off" maxlength=100 required=true />
            <TextField name="minutes" label="Usual length in minutes" kind="number" inputmode="numeric" value=form.minutes error=errors.get("minutes") min="5" max=MAX_MINUTES.to_string() required=true />
            <div class="field-row">
                <TextField name="buffer_before" label="Minutes kept free before" kind="number" inputmode="numeric" value=form.buffer_before error=errors.get("buffer_before") min="0" max=most.clone() optional=true />
                <TextField name="buffer_after" label="Minutes kept free after" kind="number" inputmode="numeric" value=form.buffer_after error=errors.get("buffer_after") min="0" max=most optional=true />
            </div>
            <TeamsFields teams engine=form.engine error=errors.get("engine") admit_first=!form.admit_first.is_empty() />
            <TextArea
                name="consent"
                label="What guests agree to before they join"
                value=form.consent
                error=errors.get("consent")
                hint="Shown before they join, with a box to tick. Who agreed, when, and to which version of the text is in the consultation’s history."
                maxlength=u32::try_from(MAX_CONSENT_CHARS).unwrap_or(u32::MAX)
                optional=true
            />
            {state}
            <div class="form__actions">
                <Button kind=ButtonKind::Primary>{submit}</Button>
                {back.map(|back| view! { <ButtonLink href=back kind=ButtonKind::Quiet>"Cancel"</ButtonLink> })}
            </div>
        </form>
    }
}

/// Where the meetings of a service take place. Where Teams is off, an admin reads why.
#[component]
fn TeamsFields(teams: TeamsOffer, engine: String, error: Option<String>, admit_first: bool) -> impl IntoView {
    if !teams.on && engine != Engine::Teams.into_str() {
        return view! { <p class="field__hint">{teams.why_off.map(|why| why.sentence(crate::language::lang()))}</p> }
            .into_any();
    }
    let choices = vec![
        Choice::new(Engine::Builtin.into_str(), "On this site"),
        Choice::new(Engine::Teams.into_str(), "In Microsoft Teams"),
    ];
    view! {
        <SelectField name="engine" label="Where meetings take place" choices value=engine error hint="A clerk can choose otherwise for a single consultation." />
        <Checkbox
            name="admit_first"
            label="On Teams, admit guests here first"
            value="on"
            checked=admit_first
            hint="They wait in the lobby of this site, and get into Teams only when a clerk lets them. Otherwise Teams’ own lobby is the only one."
        />
    }
    .into_any()
}
