//! What happened, live: the figures of a range, what each of them counts, and the consultations behind them.

mod breakdown;
mod chart;
mod link;
mod numbers;

use crate::forms::FieldErrors;
use anteroom_domain::figures::{Figures, Group, Range};
use anteroom_domain::id::EventId;
use anteroom_domain::time::Zone;
use anteroom_domain::view::Choices;
use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::breakdown::Breakdown;
use self::chart::Chart;
use self::link::{Drill, GroupBy, link};
use self::numbers::{Outcomes, Spreads};
use super::feed::Feed;
use super::offered::Offered;
use super::{Area, StaffFrame};
use crate::api::ApiError;
use crate::api::report::figures::{Dashboard, RangeForm, show_figures};
use crate::components::{
    ButtonLink, Card, DateField, EmptyState, Filters, FormErrors, Page, PageWidth, SelectField, clock_text, day_text,
};
use crate::pages::Load;
use crate::pages::admin::FirstSteps;
use crate::paths;

#[component]
pub fn DashboardPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Dashboard view=|| view! { <Asked /> }.into_any() /> }
}

#[component]
fn Asked() -> impl IntoView {
    let feed = expect_context::<Feed>();
    let query = use_query_map();
    let form = Memo::new(move |_| {
        query.with(|query| {
            let get = |name: &str| query.get(name).unwrap_or_default();
            RangeForm {
                from: get("from"),
                to: get("to"),
                branch: get("branch"),
                service: get("service"),
                host: get("host"),
            }
        })
    });
    let data: Resource<Result<Dashboard, ApiError>> =
        Resource::new_blocking(move || (form.get(), feed.changes.get()), |(form, _)| show_figures(form));
    let content = move |data: Dashboard| view! { <DashboardView data form=form.get_untracked() /> }.into_any();
    view! { <Load data view=content /> }
}

#[component]
fn DashboardView(data: Dashboard, form: RangeForm) -> impl IntoView {
    let Dashboard {
        figures,
        errors,
        choices,
        now,
        zone,
        today,
    } = data;
    // What was left out is shown as what it meant.
    let shown = match &figures {
        Some(figures) => RangeForm {
            from: figures.range.from.to_string(),
            to: figures.range.to.to_string(),
            ..form
        },
        None => form,
    };
    let lead = match &figures {
        Some(Figures {
            range: Range { from, to, .. },
            ..
        }) if from == to => day_text(*from),
        Some(Figures {
            range: Range { from, to, .. },
            ..
        }) => t!(admin::dashboard::range {
            from: day_text(*from),
            to: day_text(*to),
        }),
        None => String::new(),
    };
    let csv = figures
        .as_ref()
        .map(|_| link(paths::DASHBOARD_CSV, &shown, Drill::default()));
    let actions = csv
        .map(|href| {
            view! {
                <ButtonLink href download=true>
                    {t!(admin::dashboard::export)}
                </ButtonLink>
            }
        })
        .into_any();
    let content = figures.map(|figures| {
        let as_of = as_of(figures.as_of_event, now, &zone);
        let body = if figures.counts.scheduled() == 0 {
            view! {
                <EmptyState
                    title=t!(admin::dashboard::nothing)
                    text=t!(admin::dashboard::nothing_text)
                >
                    <ButtonLink href=paths::SCHEDULE>{t!(admin::dashboard::schedule)}</ButtonLink>
                </EmptyState>
            }
            .into_any()
        } else {
            view! { <FiguresView figures choices=choices.clone() form=shown.clone() /> }.into_any()
        };
        view! {
            <p class="dashboard__as-of" data-test="as-of">
                {as_of}
            </p>
            {body}
        }
    });
    view! {
        <Page title=t!(admin::dashboard::title) lead=lead width=PageWidth::Wide actions=actions>
            <FormErrors errors=errors.clone() />
            <FirstSteps choices=choices.clone() />
            <div class="dashboard__asked">
                <Presets form=shown.clone() today />
                <RangeFilters form=shown choices errors />
            </div>
            {content}
        </Page>
    }
}

/// How fresh the figures are. No zone is apart from UTC by a part of a minute today, so that the seconds are the same
/// everywhere.
fn as_of(event: EventId, now: Timestamp, zone: &Zone) -> String {
    let seconds = now.as_second().rem_euclid(60);
    t!(admin::dashboard::as_of {
        event: event.to_string(),
        time: format!("{}:{seconds:02}", clock_text(now, zone)),
    })
}

/// The ranges that are asked for most.
fn presets(today: Date) -> [(&'static str, Date, Date); 4] {
    let back = |days: i64| today.checked_sub(jiff::Span::new().days(days)).unwrap_or(today);
    [
        (t!(admin::dashboard::today), today, today),
        (t!(admin::dashboard::last_7_days), back(6), today),
        (t!(admin::dashboard::last_30_days), back(29), today),
        (
            t!(admin::dashboard::this_month),
            today.first_of_month(),
            today.last_of_month(),
        ),
    ]
}

#[component]
fn Presets(form: RangeForm, today: Date) -> impl IntoView {
    let links = presets(today)
        .into_iter()
        .map(|(label, from, to)| {
            let (from, to) = (from.to_string(), to.to_string());
            let current = (form.from == from && form.to == to).then_some("true");
            let href = link(
                paths::DASHBOARD,
                &RangeForm {
                    from,
                    to,
                    ..form.clone()
                },
                Drill::default(),
            );
            view! {
                <li>
                    // Loaded anew, so that the fields below show it whatever was typed into them.
                    <a class="dashboard__preset" href=href aria-current=current rel="external">
                        {label}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav aria-label=t!(admin::dashboard::ranges)>
            <ul class="dashboard__presets">{links}</ul>
        </nav>
    }
}

#[component]
fn RangeFilters(form: RangeForm, choices: Choices, errors: FieldErrors) -> impl IntoView {
    let filtered = [&form.branch, &form.service, &form.host]
        .into_iter()
        .any(|value| !value.is_empty());
    let Offered {
        branches,
        services,
        hosts,
    } = Offered::of(choices);
    view! {
        <Filters action=paths::DASHBOARD active=filtered>
            <DateField name="from" label=t!(admin::dashboard::from) value=form.from error=errors.get("from") />
            <DateField name="to" label=t!(admin::dashboard::to) value=form.to error=errors.get("to") />
            {(1 < branches.len())
                .then(|| view! { <SelectField name="branch" label=t!(admin::dashboard::branch) choices=branches value=form.branch prompt=t!(admin::dashboard::all_branches) /> })}
            <SelectField name="service" label=t!(admin::dashboard::service) choices=services value=form.service prompt=t!(admin::dashboard::all_services) />
            <SelectField name="host" label=t!(admin::dashboard::clerk) choices=hosts value=form.host prompt=t!(admin::dashboard::everybody) />
        </Filters>
    }
}

#[component]
fn FiguresView(figures: Figures, choices: Choices, form: RangeForm) -> impl IntoView {
    let Figures {
        counts,
        wait,
        length,
        by_day,
        by_branch,
        by_service,
        by_host,
        ..
    } = figures;
    let chart = view! { <Chart days=by_day.clone() /> };
    let busy_days: Vec<Group> = by_day
        .into_iter()
        .filter(|group| group.counts.scheduled() != 0)
        .collect();
    // Two branches may offer a service of the same name.
    let Offered { services, .. } = Offered::of(choices);
    let named = |group: Group| {
        let label = services
            .iter()
            .find(|service| service.value == group.key)
            .map(|service| service.label.clone());
        Group {
            label: label.unwrap_or(group.label),
            ..group
        }
    };
    let by_service: Vec<Group> = by_service.into_iter().map(named).collect();
    let groups = [
        (GroupBy::Branch, by_branch),
        (GroupBy::Service, by_service),
        (GroupBy::Host, by_host),
        (GroupBy::Day, busy_days),
    ];
    view! {
        <Outcomes counts form=form.clone() />
        <Spreads wait length form=form.clone() />
        <Card>{chart}</Card>
        {groups
            .into_iter()
            .map(|(by, groups)| view! { <Breakdown by groups form=form.clone() /> })
            .collect_view()}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_presets_end_where_they_should() {
        let [(_, _, _), (_, week, _), (_, month, _), (_, first, last)] = presets(date(2028, 2, 10));
        assert_eq!((week, month), (date(2028, 2, 4), date(2028, 1, 12)));
        assert_eq!((first, last), (date(2028, 2, 1), date(2028, 2, 29)));
    }
}
