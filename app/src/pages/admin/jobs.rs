//! Work in the background: what waits, what failed and why, and trying it again.

use anteroom_domain::job::{JobLine, JobState};
use anteroom_domain::time::Zone;
use leptos::prelude::*;

use crate::api::job::list::{Jobs, list_jobs};
use crate::components::{Button, Cell, Column, DataTable, LocalTime, Page, Row};
use crate::language::lang;
use crate::pages::load::Load;
use crate::pages::staff::{Area, StaffFrame};
use crate::paths;
use crate::words::trouble_text;

#[component]
pub fn JobsPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Jobs view=|| view! { <List /> }.into_any() /> }
}

#[component]
fn List() -> impl IntoView {
    let jobs = Resource::new_blocking(|| (), |()| list_jobs());
    view! { <Load data=jobs view=|jobs: Jobs| view! { <ListView jobs /> }.into_any() /> }
}

#[component]
fn ListView(jobs: Jobs) -> impl IntoView {
    let Jobs { jobs, in_all, zone } = jobs;
    let more = in_all - i64::try_from(jobs.len()).unwrap_or(in_all);
    let body = if jobs.is_empty() {
        view! { <p data-test="no-jobs">{t!(admin::jobs::all_done)}</p> }.into_any()
    } else {
        let columns = vec![
            Column::new(t!(admin::jobs::what)),
            Column::new(t!(admin::jobs::consultation)),
            Column::new(t!(admin::jobs::since)),
            Column::new(t!(admin::jobs::state)),
            Column::numeric(t!(admin::jobs::tries)),
        ];
        let rows = jobs
            .into_iter()
            .map(|job| view! { <JobRow job zone=zone.clone() /> })
            .collect_view();
        view! {
            <DataTable caption=t!(admin::jobs::caption) columns>
                {rows}
            </DataTable>
        }
        .into_any()
    };
    view! {
        <Page
            title=t!(admin::jobs::title)
            lead=t!(admin::jobs::lead)
        >
            {body}
            {(more > 0).then(|| view! { <p>{t!(admin::jobs::and_more { count: more })}</p> })}
        </Page>
    }
}

#[component]
fn JobRow(job: JobLine, zone: Zone) -> impl IntoView {
    let what = match job.kind.as_str() {
        "prepare_meeting" => t!(admin::jobs::prepare_meeting),
        "discard_meeting" => t!(admin::jobs::discard_meeting),
        "delete_identity" => t!(admin::jobs::delete_identity),
        _ => t!(admin::jobs::unknown_work),
    };
    let consultation = job.consultation.zip(job.starts_at).map(|(id, at)| {
        let zone = zone.clone();
        view! {
            <a href=paths::consultation(id)>
                <LocalTime at zone />
            </a>
        }
    });
    let next = zone.clone();
    let why = job.last_error.as_ref().map(trouble_text);
    let state = match job.state {
        JobState::Waiting => view! { <p>{t!(admin::jobs::waiting)}</p> }.into_any(),
        JobState::Running => view! { <p>{t!(admin::jobs::running)}</p> }.into_any(),
        JobState::Retrying => {
            let at = view! { <LocalTime at=job.not_before zone=next /> };
            view! {
                <p data-test="job-retrying">{why}</p>
                <p>{t_view!(admin::jobs::next_try { time: at })}</p>
            }
            .into_any()
        }
        JobState::GivenUp => view! {
            <p>{why}</p>
            <p>{t!(admin::jobs::given_up)}</p>
        }
        .into_any(),
    };
    let again = matches!(job.state, JobState::Retrying | JobState::GivenUp).then(|| {
        view! {
            <form method="post" action=paths::JOBS>
                <input type="hidden" name="job" value=job.id.to_string() />
                <Button>{t!(admin::jobs::try_again)}</Button>
            </form>
        }
    });
    view! {
        <Row>
            <Cell heading=true>{what}</Cell>
            <Cell label=t!(admin::jobs::consultation)>{consultation}</Cell>
            <Cell label=t!(admin::jobs::since)>
                <LocalTime at=job.created_at zone />
            </Cell>
            <Cell label=t!(admin::jobs::state)>
                <div class="stack">{state} {again}</div>
            </Cell>
            <Cell label=t!(admin::jobs::tries) numeric=true>
                {lang().number(job.attempts)}
            </Cell>
        </Row>
    }
}
