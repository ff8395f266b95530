//! Work in the background: what waits, what failed and why, and trying it again.

use anteroom_domain::job::{JobLine, JobState};
use anteroom_domain::time::Zone;
use leptos::prelude::*;

use crate::api::job::list::{Jobs, list_jobs};
use crate::components::{Button, Cell, Column, DataTable, LocalTime, Page, Row};
use crate::pages::load::Load;
use crate::pages::staff::{Area, StaffFrame};
use crate::paths;

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
        view! { <p data-test="no-jobs">"Everything is done."</p> }.into_any()
    } else {
        let columns = vec![
            Column::new("What"),
            Column::new("Consultation"),
            Column::new("Since"),
            Column::new("State"),
            Column::numeric("Tries"),
        ];
        let rows = jobs
            .into_iter()
            .map(|job| view! { <JobRow job zone=zone.clone() /> })
            .collect_view();
        view! {
            <DataTable caption="Work that is not done yet" columns>
                {rows}
            </DataTable>
        }
        .into_any()
    };
    view! {
        <Page
            title="Background work"
            lead="What Anteroom does at other services after a change: it is tried again by itself until it is done."
        >
            {body}
            {(more > 0).then(|| view! { <p>{format!("And {more} more, which follow once these are done.")}</p> })}
        </Page>
    }
}

#[component]
fn JobRow(job: JobLine, zone: Zone) -> impl IntoView {
    let what = match job.kind.as_str() {
        "prepare_meeting" => "Make or move a Teams meeting",
        "discard_meeting" => "Take back a Teams meeting",
        "delete_identity" => "Delete a guest\u{2019}s Teams identity",
        _ => "Something that this version does not know",
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
    let state = match job.state {
        JobState::Waiting => view! { <p>"Waits for its turn."</p> }.into_any(),
        JobState::Running => view! { <p>"Is being done."</p> }.into_any(),
        JobState::Retrying => view! {
            <p>{job.last_error}</p>
            <p>
                "Next try: "
                <LocalTime at=job.not_before zone=next />
            </p>
        }
        .into_any(),
        JobState::GivenUp => view! {
            <p>{job.last_error}</p>
            <p>"Given up: it would be no use any more."</p>
        }
        .into_any(),
    };
    let again = matches!(job.state, JobState::Retrying | JobState::GivenUp).then(|| {
        view! {
            <form method="post" action=paths::JOBS>
                <input type="hidden" name="job" value=job.id.to_string() />
                <Button>"Try again"</Button>
            </form>
        }
    });
    view! {
        <Row>
            <Cell heading=true>{what}</Cell>
            <Cell label="Consultation">{consultation}</Cell>
            <Cell label="Since">
                <LocalTime at=job.created_at zone />
            </Cell>
            <Cell label="State">
                <div class="stack">{state} {again}</div>
            </Cell>
            <Cell label="Tries" numeric=true>
                {job.attempts.to_string()}
            </Cell>
        </Row>
    }
}
