use anteroom_domain::consultation::State;
use anteroom_domain::id::AccountId;
use anteroom_domain::view::{ConsultationRow, Day};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::alerts::Alerts;
use super::link_button::LinkButton;
use super::{Area, StaffFrame};
use crate::api::ApiError;
use crate::api::consultation::day::show_day;
use crate::components::{
    ButtonKind, ButtonLink, EmptyState, Page, PageWidth, StateBadge, TimeRange, day_text, span_text, ticking,
};
use crate::pages::{Load, live};
use crate::paths;

/// The clerk's day: what is next, who waits, and the way in.
#[component]
pub fn TodayPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Today view=|| view! { <Today /> }.into_any() /> }
}

#[component]
fn Today() -> impl IntoView {
    let query = use_query_map();
    let date = Memo::new(move |_| query.with(|query| query.get("date").unwrap_or_default()));
    let day: Resource<Result<Day, ApiError>> = Resource::new_blocking(move || date.get(), show_day);
    live(day, date, show_day);
    view! { <Load data=day view=|day: Day| view! { <DayView day /> }.into_any() /> }
}

#[component]
fn DayView(day: Day) -> impl IntoView {
    let Day {
        me,
        date,
        today,
        zone,
        rows,
        now,
    } = day;
    let is_today = date == today;
    let clock = ticking(now);
    let day = day_text(date);
    let count = match rows.len() {
        0 => String::new(),
        1 => "1 consultation".to_owned(),
        n => format!("{n} consultations"),
    };
    let (title, lead) = match (is_today, count.is_empty()) {
        (true, true) => ("Today".to_owned(), day),
        (true, false) => ("Today".to_owned(), format!("{day}: {count}")),
        (false, _) => (day, count),
    };
    let other_day = |days: i64| {
        date.checked_add(jiff::Span::new().days(days))
            .ok()
            .map(|date| format!("/?date={date}"))
    };
    let (day_before, day_after) = match is_today {
        true => ("Yesterday", "Tomorrow"),
        false => ("Day before", "Day after"),
    };
    let actions = view! {
        <nav class="day-nav" aria-label="Other days">
            {other_day(-1).map(|href| view! { <ButtonLink href kind=ButtonKind::Quiet>{day_before}</ButtonLink> })}
            {(!is_today).then(|| view! { <ButtonLink href=paths::TODAY kind=ButtonKind::Quiet>"Today"</ButtonLink> })}
            {other_day(1).map(|href| view! { <ButtonLink href kind=ButtonKind::Quiet>{day_after}</ButtonLink> })}
        </nav>
        <ButtonLink href=paths::SCHEDULE kind=ButtonKind::Primary>
            "Schedule a consultation"
        </ButtonLink>
    }
    .into_any();
    // Those in which someone waits come first; then by time. My own next one is marked.
    let mut rows = rows;
    rows.sort_by_key(|row| (row.waiting == 0, row.starts_at, row.id));
    let next = rows
        .iter()
        .filter(|row| row.host == me && !row.state.is_final() && now < row.ends_at)
        .min_by_key(|row| row.starts_at)
        .map(|row| row.id);
    view! {
        <Page title=title lead=lead actions=actions width=PageWidth::Wide>
            {is_today.then(|| view! { <Alerts /> })}
            {if rows.is_empty() {
                view! {
                    <EmptyState title="Nothing is scheduled for this day." text="What you schedule appears here, with who waits and the way into each meeting.">
                        <ButtonLink href=paths::SCHEDULE>"Schedule a consultation"</ButtonLink>
                    </EmptyState>
                }
                    .into_any()
            } else {
                view! {
                    <ul class="agenda" data-test="agenda">
                        {rows
                            .into_iter()
                            .map(|row| {
                                let is_next = next == Some(row.id);
                                let zone = zone.clone();
                                view! { <AgendaItem row zone now=clock is_next mine=me /> }
                            })
                            .collect_view()}
                    </ul>
                }
                    .into_any()
            }}
        </Page>
    }
}

#[component]
fn AgendaItem(
    row: ConsultationRow,
    zone: anteroom_domain::time::Zone,
    now: Signal<jiff::Timestamp>,
    is_next: bool,
    mine: AccountId,
) -> impl IntoView {
    let waiting = 0 < row.waiting;
    let over = row.state.is_final();
    let label = if row.state == State::Live { "Join again" } else { "Join" };
    let host = if row.host == mine {
        "You".to_owned()
    } else {
        row.host_name.clone()
    };
    let how_many = row.waiting;
    let waits = row.waiting_since.map(|since| {
        move || {
            let span = span_text(now.get().duration_since(since).as_secs());
            match how_many {
                1 => format!("A guest has been waiting for {span}"),
                n => format!("{n} guests are waiting, the first for {span}"),
            }
        }
    });
    let guests = if row.guests.is_empty() {
        "No guest".to_owned()
    } else {
        row.guests.clone()
    };
    let starts_at = row.starts_at;
    let is_to_come = is_next && matches!(row.state, State::Scheduled | State::Open);
    let hint = is_to_come.then_some({
        move || match starts_at.duration_since(now.get()).as_secs() {
            left @ 1.. => format!("Next, in {}", span_text(left)),
            _ => "Now".to_owned(),
        }
    });
    view! {
        <li class="agenda__item" class:is-waiting=waiting class:is-over=over class:is-next=is_next data-consultation=row.id.to_string()>
            <div class="agenda__when">
                <TimeRange starts_at=row.starts_at ends_at=row.ends_at zone />
                {hint.map(|hint| view! { <span class="agenda__hint">{hint}</span> })}
            </div>
            <div class="agenda__what">
                <h2 class="agenda__guest">
                    <a href=paths::consultation(row.id)>{guests.clone()}</a>
                </h2>
                <p class="agenda__service">{format!("{} · {host}", row.service)}</p>
                {waits.map(|waits| view! { <p class="agenda__waiting">{waits}</p> })}
            </div>
            <div class="agenda__state">
                <StateBadge state=row.state />
            </div>
            <div class="agenda__actions">
                {(!over)
                    .then(|| {
                        view! {
                            <a
                                class=if waiting || is_next { "button button--primary" } else { "button" }
                                href=paths::room(row.id)
                                rel="external"
                                data-test="join"
                            >
                                {if waiting { "Admit" } else { label }}
                                <span class="visually-hidden">{format!(" {guests}")}</span>
                            </a>
                            {match row.only_guest {
                                Some(guest) => {
                                    view! { <LinkButton consultation=row.id guest name=guests.clone() quiet=true /> }.into_any()
                                }
                                // Each of several has a link of their own.
                                None => {
                                    view! {
                                        <a class="button button--quiet" href=format!("{}#guests", paths::consultation(row.id))>
                                            "Guest links"
                                            <span class="visually-hidden">{format!(" for {guests}")}</span>
                                        </a>
                                    }
                                        .into_any()
                                }
                            }}
                        }
                    })}
            </div>
        </li>
    }
}
