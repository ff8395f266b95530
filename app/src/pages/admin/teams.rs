//! Microsoft Teams: whether it is on and does well, whose meetings may be used, what is outstanding there, what it costs.

use anteroom_domain::time::Zone;
use anteroom_domain::view::{IdentityState, OutstandingIdentity, TeamsOverview, TeamsUsage};
use leptos::prelude::*;

use crate::api::organisation::teams::{TeamsState, show_teams};
use crate::api::{ApiError, FormState};
use crate::components::{
    Button, ButtonKind, Card, Cell, Column, DataTable, FormErrors, LocalTime, Notice, Page, Row, TextArea, Tone,
};
use crate::pages::Load;
use crate::pages::staff::{Area, StaffFrame};
use crate::paths;
use crate::words::Sentence as _;

#[component]
pub fn TeamsPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Teams view=|| view! { <Overview /> }.into_any() /> }
}

#[component]
fn Overview() -> impl IntoView {
    let data: Resource<Result<TeamsState, ApiError>> = Resource::new_blocking(|| (), |()| show_teams());
    view! { <Load data view=|data: TeamsState| view! { <OverviewView data /> }.into_any() /> }
}

#[component]
fn OverviewView(data: TeamsState) -> impl IntoView {
    let TeamsState {
        overview,
        returned,
        zone,
        whole,
    } = data;
    let TeamsOverview {
        offer,
        health,
        outstanding,
        outstanding_count,
        usage,
        estimate_note,
        ..
    } = overview;
    let FormState { form, errors, .. } = returned;
    let (tone, title) = if offer.on {
        (Tone::Success, "Teams is on")
    } else {
        (Tone::Info, "Teams is off")
    };
    let how = match (offer.on, offer.graph) {
        (false, _) => offer
            .why_off
            .as_ref()
            .map(|why| why.sentence(crate::language::lang()))
            .unwrap_or_default(),
        (true, true) => "Meetings are made through Microsoft Graph, or pasted by clerks.".to_owned(),
        (true, false) => "Clerks paste the links of their meetings.".to_owned(),
    };
    view! {
        <Page title="Microsoft Teams" lead="Guests join meetings in Teams from this site, through Azure Communication Services.">
            <FormErrors errors=errors.clone() />
            <Notice tone title=title>
                {how}
            </Notice>
            {(offer.on && !health.is_empty())
                .then(|| {
                    view! {
                        <Card title="How the services answered">
                            <ul>{health.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
                        </Card>
                    }
                })}
            {whole
                .then(|| {
                    view! {
                        <Card title="Whose meetings may be used">
                            <form class="form" method="post" action=paths::TEAMS novalidate>
                                <TextArea
                                    name="tenants"
                                    label="Tenant IDs, one a line"
                                    value=form.tenants
                                    error=errors.get("tenants")
                                    hint="Links of other organisations are then refused. Left empty, every organisation\u{2019}s meetings may be used."
                                    rows=3
                                    optional=true
                                />
                                <Button kind=ButtonKind::Primary>"Save"</Button>
                            </form>
                        </Card>
                    }
                })}
            <Card title="Usage and estimated cost">
                <p class="field__hint">
                    {format!("By month (UTC, as Azure bills) and branch: {estimate_note}. Time in the lobby counts. An estimate, not an invoice.")}
                </p>
                <Usage usage />
            </Card>
            <Card title="Outstanding at Microsoft">
                <p class="field__hint">
                    "Each guest gets an identity there, which is deleted when their visit is over. This is what still exists."
                </p>
                <Outstanding outstanding in_all=outstanding_count zone />
                <p>
                    <a href=paths::JOBS>"What waits, and what failed"</a>
                </p>
            </Card>
        </Page>
    }
}

#[component]
fn Usage(usage: Vec<TeamsUsage>) -> impl IntoView {
    if usage.is_empty() {
        return view! { <p>"No guest has been in a Teams meeting yet."</p> }.into_any();
    }
    let columns = vec![
        Column::new("Month"),
        Column::new("Branch"),
        Column::numeric("Consultations"),
        Column::numeric("Guests\u{2019} minutes"),
        Column::numeric("Chat messages"),
        Column::numeric("Estimate"),
    ];
    let rows = usage
        .into_iter()
        .map(|usage| {
            view! {
                <Row>
                    <Cell heading=true>{usage.month}</Cell>
                    <Cell label="Branch">{usage.branch}</Cell>
                    <Cell label="Consultations" numeric=true>
                        {usage.consultations.to_string()}
                    </Cell>
                    <Cell label="Minutes" numeric=true>
                        {minutes(usage.seconds)}
                    </Cell>
                    <Cell label="Messages" numeric=true>
                        {usage.messages.to_string()}
                    </Cell>
                    <Cell label="Estimate" numeric=true>
                        {usage.estimate}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Usage by month and branch" columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

/// With one place: the estimate counts seconds.
pub fn minutes(seconds: i64) -> String {
    let tenths = (seconds.max(0) + 3) / 6;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[component]
fn Outstanding(outstanding: Vec<OutstandingIdentity>, in_all: i64, zone: Zone) -> impl IntoView {
    if outstanding.is_empty() {
        return view! { <p data-test="nothing-outstanding">"Nothing."</p> }.into_any();
    }
    let columns = vec![
        Column::new("Consultation"),
        Column::new("Since"),
        Column::new("State"),
        Column::numeric("Tries"),
    ];
    let more = more(outstanding.len(), in_all);
    let rows = outstanding
        .into_iter()
        .map(|one| {
            let (since, begins) = (zone.clone(), zone.clone());
            let state = match one.state {
                IdentityState::Failed => format!("Could not be deleted yet. {}", one.last_error),
                IdentityState::Unsure => {
                    "It is not known whether Microsoft made one: no clear answer came. It holds no data of the guest, costs nothing, and nobody has its token."
                        .to_owned()
                }
                IdentityState::Due => "About to be deleted".to_owned(),
                IdentityState::Asked => "Being asked for".to_owned(),
                IdentityState::Used => "The guest is seated".to_owned(),
            };
            let note = (one.state == IdentityState::Unsure).then(|| {
                view! {
                    <form method="post" action=paths::TEAMS_IDENTITIES>
                        <input type="hidden" name="identity" value=one.id.to_string() />
                        <Button>"Noted"</Button>
                    </form>
                }
            });
            view! {
                <Row>
                    <Cell heading=true>
                        <a href=paths::consultation(one.consultation)>
                            <LocalTime at=one.starts_at zone=begins />
                        </a>
                    </Cell>
                    <Cell label="Since">
                        <LocalTime at=one.minted_at zone=since />
                    </Cell>
                    <Cell label="State">{state} {note}</Cell>
                    <Cell label="Tries" numeric=true>
                        {one.attempts.to_string()}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Identities that still exist" columns>
            {rows}
        </DataTable>
        {more}
    }
    .into_any()
}

/// What a long list does not show.
fn more(shown: usize, in_all: i64) -> Option<impl IntoView> {
    let more = in_all - i64::try_from(shown).unwrap_or(in_all);
    (more > 0).then(|| view! { <p>{format!("And {more} more, which follow once these are done.")}</p> })
}
