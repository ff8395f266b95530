//! Microsoft Teams: whether it is on and does well, whose meetings may be used, what is outstanding there, what it costs.

use anteroom_domain::time::Zone;
use anteroom_domain::view::{IdentityState, OutstandingIdentity, TeamsOverview, TeamsUsage};
use leptos::prelude::*;

use crate::api::organisation::teams::{TeamsState, show_teams};
use crate::api::{ApiError, FormState};
use crate::components::{
    Button, ButtonKind, Card, Cell, Column, DataTable, FormErrors, LocalTime, Notice, Page, Row, TextArea, Tone,
};
use crate::language::lang;
use crate::pages::Load;
use crate::pages::staff::{Area, StaffFrame};
use crate::paths;
use crate::words::{Sentence as _, estimate_text, health_lines, rates_text, trouble_text};

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
        rates,
        ..
    } = overview;
    let FormState { form, errors, .. } = returned;
    let (tone, title) = if offer.on {
        (Tone::Success, t!(admin::teams::on))
    } else {
        (Tone::Info, t!(admin::teams::off))
    };
    let how = match (offer.on, offer.graph) {
        (false, _) => offer
            .why_off
            .as_ref()
            .map(|why| why.sentence(lang()))
            .unwrap_or_default(),
        (true, true) => t!(admin::teams::made_or_pasted).to_owned(),
        (true, false) => t!(admin::teams::pasted).to_owned(),
    };
    view! {
        <Page title=t!(admin::teams::title) lead=t!(admin::teams::lead)>
            <FormErrors errors=errors.clone() />
            <Notice tone title=title>
                {how}
            </Notice>
            {offer
                .on
                .then(|| {
                    view! {
                        <Card title=t!(admin::teams::health)>
                            <ul>{health_lines(&health).into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
                        </Card>
                    }
                })}
            {whole
                .then(|| {
                    view! {
                        <Card title=t!(admin::teams::whose)>
                            <form class="form" method="post" action=paths::TEAMS novalidate>
                                <TextArea
                                    name="tenants"
                                    label=t!(admin::teams::tenants)
                                    value=form.tenants
                                    error=errors.get("tenants")
                                    hint=t!(admin::teams::tenants_hint)
                                    rows=3
                                    optional=true
                                />
                                <Button kind=ButtonKind::Primary>{t!(admin::teams::save)}</Button>
                            </form>
                        </Card>
                    }
                })}
            <Card title=t!(admin::teams::usage)>
                <p class="field__hint">{rates_text(&rates)}</p>
                <Usage usage />
            </Card>
            <Card title=t!(admin::teams::outstanding)>
                <p class="field__hint">
                    {t!(admin::teams::outstanding_hint)}
                </p>
                <Outstanding outstanding in_all=outstanding_count zone />
                <p>
                    <a href=paths::JOBS>{t!(admin::teams::to_jobs)}</a>
                </p>
            </Card>
        </Page>
    }
}

#[component]
fn Usage(usage: Vec<TeamsUsage>) -> impl IntoView {
    if usage.is_empty() {
        return view! { <p>{t!(admin::teams::no_usage)}</p> }.into_any();
    }
    let columns = vec![
        Column::new(t!(admin::teams::month)),
        Column::new(t!(admin::teams::branch)),
        Column::numeric(t!(admin::teams::consultations)),
        Column::numeric(t!(admin::teams::guest_minutes)),
        Column::numeric(t!(admin::teams::chat_messages)),
        Column::numeric(t!(admin::teams::estimate)),
    ];
    let rows = usage
        .into_iter()
        .map(|usage| {
            view! {
                <Row>
                    <Cell heading=true>{usage.month}</Cell>
                    <Cell label=t!(admin::teams::branch)>{usage.branch}</Cell>
                    <Cell label=t!(admin::teams::consultations) numeric=true>
                        {lang().number(usage.consultations)}
                    </Cell>
                    <Cell label=t!(admin::teams::minutes) numeric=true>
                        {minutes(usage.seconds)}
                    </Cell>
                    <Cell label=t!(admin::teams::messages) numeric=true>
                        {lang().number(usage.messages)}
                    </Cell>
                    <Cell label=t!(admin::teams::estimate) numeric=true>
                        {estimate_text(&usage.estimate)}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption=t!(admin::teams::usage_caption) columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

/// With one place: the estimate counts seconds.
pub fn minutes(seconds: i64) -> String {
    let tenths = (seconds.max(0) + 3) / 6;
    lang().decimal(f64::from(u32::try_from(tenths).unwrap_or(u32::MAX)) / 10.0, 1)
}

#[component]
fn Outstanding(outstanding: Vec<OutstandingIdentity>, in_all: i64, zone: Zone) -> impl IntoView {
    if outstanding.is_empty() {
        return view! { <p data-test="nothing-outstanding">{t!(admin::teams::nothing_outstanding)}</p> }.into_any();
    }
    let columns = vec![
        Column::new(t!(admin::teams::consultation)),
        Column::new(t!(admin::teams::since)),
        Column::new(t!(admin::teams::state)),
        Column::numeric(t!(admin::teams::tries)),
    ];
    let more = more(outstanding.len(), in_all);
    let rows = outstanding
        .into_iter()
        .map(|one| {
            let (since, begins) = (zone.clone(), zone.clone());
            let state = match one.state {
                IdentityState::Failed => t!(admin::teams::not_deleted {
                    why: one.last_error.as_ref().map(trouble_text).unwrap_or_default(),
                }),
                IdentityState::Unsure => t!(admin::teams::unsure).to_owned(),
                IdentityState::Due => t!(admin::teams::about_to_be_deleted).to_owned(),
                IdentityState::Asked => t!(admin::teams::being_asked_for).to_owned(),
                IdentityState::Used => t!(admin::teams::in_use).to_owned(),
            };
            let note = (one.state == IdentityState::Unsure).then(|| {
                view! {
                    <form method="post" action=paths::TEAMS_IDENTITIES>
                        <input type="hidden" name="identity" value=one.id.to_string() />
                        <Button>{t!(admin::teams::noted)}</Button>
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
                    <Cell label=t!(admin::teams::since)>
                        <LocalTime at=one.minted_at zone=since />
                    </Cell>
                    <Cell label=t!(admin::teams::state)>{state} {note}</Cell>
                    <Cell label=t!(admin::teams::tries) numeric=true>
                        {lang().number(one.attempts)}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption=t!(admin::teams::outstanding_caption) columns>
            {rows}
        </DataTable>
        {more}
    }
    .into_any()
}

/// What a long list does not show.
fn more(shown: usize, in_all: i64) -> Option<impl IntoView> {
    let more = in_all - i64::try_from(shown).unwrap_or(in_all);
    (more > 0).then(|| view! { <p>{t!(admin::teams::and_more { count: more })}</p> })
}
