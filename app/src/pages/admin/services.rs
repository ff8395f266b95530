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
        <Page title=t!(admin::services::title) lead=t!(admin::services::lead)>
            <FormErrors errors=returned.errors.clone() />
            <FirstSteps choices here=paths::SERVICES />
            {(!is_empty)
                .then(|| {
                    view! {
                        <FoundList
                            form=form.clone()
                            path=paths::SERVICES
                            listed=Listed::Services
                            total
                            page
                            search=t!(admin::services::name)
                            branches=filtered
                            states=(t!(admin::services::offered), t!(admin::services::not_offered))
                        >
                            <Table services=rows branches=shown form />
                        </FoundList>
                    }
                })}
            {(!branches.is_empty())
                .then(|| {
                    view! {
                        <Card title=t!(admin::services::add_title)>
                            <Fields returned branches teams action=paths::SERVICES submit=t!(admin::services::add) />
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
        by(Column::new(t!(admin::services::name)), "name"),
        by(Column::new(t!(admin::services::branch)), "branch"),
        by(Column::numeric(t!(admin::services::length)), "length"),
        Column::new(t!(admin::services::kept_free)),
        by(Column::new(t!(admin::services::state)), "state"),
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
                    <Cell label=t!(admin::services::branch)>{branch}</Cell>
                    <Cell label=t!(admin::services::length) numeric=true>
                        {t!(admin::services::minutes { count: service.minutes })}
                    </Cell>
                    <Cell label=t!(admin::services::kept_free)>{buffers}</Cell>
                    <Cell label=t!(admin::services::state)>
                        {if service.active {
                            view! { <Badge tone=Tone::Success label=t!(admin::services::offered) /> }
                        } else {
                            view! { <Badge label=t!(admin::services::not_offered) /> }
                        }}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption=t!(admin::services::title) columns>
            {rows}
        </DataTable>
    }
}

fn buffers(service: &Service) -> String {
    let before = |count| t!(admin::services::minutes_before { count });
    let after = |count| t!(admin::services::minutes_after { count });
    match (service.buffer_before, service.buffer_after) {
        (0, 0) => t!(admin::services::nothing_kept_free).to_owned(),
        (minutes, 0) => before(minutes),
        (0, minutes) => after(minutes),
        (first, then) => t!(admin::services::minutes_around {
            before: before(first),
            after: after(then),
        }),
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
        <a href=paths::SERVICES>{t!(admin::services::title)}</a>
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
                    submit=t!(admin::services::save)
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
            let term = t_view!(admin::services::consent_version {
                version: version.id.to_string(),
                since: view! { <LocalTime at=version.since zone /> },
            });
            let text = if version.text.is_empty() {
                t!(admin::services::asked_nothing).to_owned()
            } else {
                version.text
            };
            view! {
                <div class="facts__fact">
                    <dt>{term}</dt>
                    <dd class="prewrap">{text}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <Card title=t!(admin::services::consents)>
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
            <SelectField name="branch" label=t!(admin::services::branch) choices value=form.branch prompt=t!(admin::services::choose_branch) error=errors.get("branch") required=true />
        }
        .into_any()
    };
    let state = if existing {
        view! {
            <Checkbox
                name="active"
                label=t!(admin::services::offered_when_scheduling)
                value="on"
                checked=!form.active.is_empty()
                hint=t!(admin::services::offered_hint)
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
            <TextField name="name" label=t!(admin::services::name) value=form.name error=errors.get("name") hint=t!(admin::services::name_hint) autocomplete="off" maxlength=100 required=true />
            <TextField name="minutes" label=t!(admin::services::usual_length) kind="number" inputmode="numeric" value=form.minutes error=errors.get("minutes") min="5" max=MAX_MINUTES.to_string() required=true />
            <div class="field-row">
                <TextField name="buffer_before" label=t!(admin::services::buffer_before) kind="number" inputmode="numeric" value=form.buffer_before error=errors.get("buffer_before") min="0" max=most.clone() optional=true />
                <TextField name="buffer_after" label=t!(admin::services::buffer_after) kind="number" inputmode="numeric" value=form.buffer_after error=errors.get("buffer_after") min="0" max=most optional=true />
            </div>
            <TeamsFields teams engine=form.engine error=errors.get("engine") admit_first=!form.admit_first.is_empty() />
            <TextArea
                name="consent"
                label=t!(admin::services::consent)
                value=form.consent
                error=errors.get("consent")
                hint=t!(admin::services::consent_hint)
                maxlength=u32::try_from(MAX_CONSENT_CHARS).unwrap_or(u32::MAX)
                optional=true
            />
            {state}
            <div class="form__actions">
                <Button kind=ButtonKind::Primary>{submit}</Button>
                {back.map(|back| view! { <ButtonLink href=back kind=ButtonKind::Quiet>{t!(admin::services::leave)}</ButtonLink> })}
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
        Choice::new(Engine::Builtin.into_str(), t!(admin::services::on_this_site)),
        Choice::new(Engine::Teams.into_str(), t!(admin::services::in_teams)),
    ];
    view! {
        <SelectField name="engine" label=t!(admin::services::place) choices value=engine error hint=t!(admin::services::place_hint) />
        <Checkbox
            name="admit_first"
            label=t!(admin::services::admit_first)
            value="on"
            checked=admit_first
            hint=t!(admin::services::admit_first_hint)
        />
    }
    .into_any()
}
