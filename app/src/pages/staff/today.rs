use anteroom_domain::consultation::State;
use anteroom_domain::id::{AccountId, ConsultationId};
use anteroom_domain::view::{ConsultationRow, Day};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::alerts::Alerts;
use super::link_button::LinkButton;
use super::way_in::way_in;
use super::{Area, StaffFrame};
use crate::api::ApiError;
use crate::api::consultation::day::{Shown, Whose, show_day};
use crate::components::{
    ButtonKind, ButtonLink, EmptyState, Names, Page, PageWidth, StateBadge, TimeRange, day_text, names_text, span_text,
    ticking,
};
use crate::pages::admin::{FirstSteps, is_set_up};
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
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let get = |name| query.get(name).unwrap_or_default();
            (get("date"), get("whose"))
        })
    });
    let fetch = |(date, whose): (String, String)| show_day(date, whose);
    let shown: Resource<Result<Shown, ApiError>> = Resource::new_blocking(move || asked.get(), fetch);
    live(shown, asked, fetch);
    view! { <Load data=shown view=|shown: Shown| view! { <DayView shown /> }.into_any() /> }
}

#[component]
fn DayView(shown: Shown) -> impl IntoView {
    let Shown {
        day,
        whose,
        has_others,
        so_far,
    } = shown;
    // A new installation leads its administrator on from here.
    let first_steps = so_far.filter(|choices| !is_set_up(choices));
    let Day {
        me,
        date,
        today,
        zone,
        mut rows,
        now,
    } = day;
    let is_today = date == today;
    let clock = ticking(now);
    let day = day_text(date);
    let (title, lead) = match (is_today, rows.len()) {
        (true, 0) => (t!(staff::today::title).to_owned(), day),
        (true, count) => (
            t!(staff::today::title).to_owned(),
            t!(staff::today::day_and_count { day, count }),
        ),
        (false, 0) => (day, String::new()),
        (false, count) => (day, t!(staff::today::consultations { count })),
    };
    let other_day = |days: i64| {
        date.checked_add(jiff::Span::new().days(days))
            .ok()
            .map(|date| format!("/?date={date}"))
    };
    let (day_before, day_after) = if is_today {
        (t!(staff::today::yesterday), t!(staff::today::tomorrow))
    } else {
        (t!(staff::today::day_before), t!(staff::today::day_after))
    };
    let actions = view! {
        <nav class="day-nav" aria-label=t!(staff::today::other_days)>
            {other_day(-1).map(|href| view! { <ButtonLink href kind=ButtonKind::Quiet>{day_before}</ButtonLink> })}
            {(!is_today)
                .then(|| {
                    view! { <ButtonLink href=paths::TODAY kind=ButtonKind::Quiet>{t!(staff::today::to_today)}</ButtonLink> }
                })}
            {other_day(1).map(|href| view! { <ButtonLink href kind=ButtonKind::Quiet>{day_after}</ButtonLink> })}
        </nav>
        <ButtonLink href=paths::SCHEDULE kind=ButtonKind::Primary>
            {t!(staff::today::schedule)}
        </ButtonLink>
    }
    .into_any();
    // Those in which someone waits come first; then by time. My own next one is marked.
    rows.sort_by_key(|row| (row.waiting == 0, row.starts_at, row.id));
    let next = rows
        .iter()
        .filter(|row| row.host == me && !row.state.is_final() && now < row.ends_at)
        .min_by_key(|row| row.starts_at)
        .map(|row| row.id);
    // What is done is out of the way, and still there.
    let is_done = |row: &ConsultationRow| row.state.is_final() && (row.ends_at <= now || row.state == State::Ended);
    let (done, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| is_today && is_done(row));
    let done = (!done.is_empty()).then(|| {
        let summary = t!(staff::today::earlier { count: done.len() });
        let zone = zone.clone();
        let items = done.into_iter().map(move |row| {
            let zone = zone.clone();
            view! { <AgendaItem row zone now=clock is_next=false mine=me /> }
        });
        view! {
            <details class="disclosure agenda-done" data-test="earlier">
                <summary>{summary}</summary>
                <ul class="agenda">{items.collect_view()}</ul>
            </details>
        }
    });
    let whose_links = (has_others || whose == Whose::Mine).then(|| {
        let link = |label: &'static str, of: Whose| {
            let current = (whose == of).then_some("true");
            let href = format!(
                "/?date={}&whose={}",
                if is_today { String::new() } else { date.to_string() },
                of.as_str()
            );
            view! {
                <li>
                    <a class="button button--quiet" class:is-current=current.is_some() href=href aria-current=current>
                        {label}
                    </a>
                </li>
            }
        };
        view! {
            <ul class="whose" aria-label=t!(staff::today::whose)>
                {link(t!(staff::today::everybodys), Whose::Everybodys)} {link(t!(staff::today::mine), Whose::Mine)}
            </ul>
        }
    });
    view! {
        <Page title=title lead=lead actions=actions width=PageWidth::Wide>
            {is_today.then(|| view! { <Alerts /> })}
            {whose_links}
            {if rows.is_empty() && done.is_some() {
                view! { <p class="muted">{t!(staff::today::nothing_else)}</p> }.into_any()
            } else if let Some(choices) = first_steps {
                view! { <FirstSteps choices /> }.into_any()
            } else if rows.is_empty() {
                view! {
                    <EmptyState title=t!(staff::today::nothing) text=t!(staff::today::nothing_text)>
                        <ButtonLink href=paths::SCHEDULE>{t!(staff::today::schedule)}</ButtonLink>
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
            {done}
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
    let host = if row.host == mine {
        t!(staff::today::you).to_owned()
    } else {
        row.host_name.clone()
    };
    let how_many = row.waiting;
    let lost_since = row.waiting_lost_since;
    let waits = row.waiting_since.map(|since| {
        move || {
            let span = |since| span_text(now.get().duration_since(since).as_secs());
            match (how_many, lost_since) {
                (1, Some(lost)) => t!(staff::today::guest_lost { span: span(lost) }),
                (count, _) => t!(staff::today::guests_waiting {
                    count,
                    span: span(since)
                }),
            }
        }
    });
    let guests = if row.guests.is_empty() {
        t!(staff::today::no_guest).to_owned()
    } else {
        row.guests.clone()
    };
    let (id, state, starts_at) = (row.id, row.state, row.starts_at);
    let offered = Memo::new(move |_| state.offers_room(starts_at, now.get()));
    let whom = names_text(&guests);
    let (label, said) = way_in(state, waiting, &whom);
    let join = move || {
        offered.get().then(|| {
            view! {
                <a
                    class=if waiting || is_next { "button button--primary" } else { "button" }
                    href=paths::room(id)
                    rel="external"
                    aria-label=said.clone()
                    data-test="join"
                    on:click=move |_| {
                        if waiting {
                            ask_to_admit(id);
                        }
                    }
                >
                    {label}
                </a>
            }
        })
    };
    let is_to_come = is_next && matches!(row.state, State::Scheduled | State::Open);
    let hint = is_to_come.then_some({
        move || match starts_at.duration_since(now.get()).as_secs() {
            left @ 1.. => t!(staff::today::next_in { span: span_text(left) }),
            _ => t!(staff::today::now).to_owned(),
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
                    <a href=paths::consultation(row.id)>
                        <Names names=guests.clone() />
                    </a>
                </h2>
                <p class="agenda__service">
                    {t_view!(staff::today::service_and_host { service: row.service, host: view! { <bdi>{host}</bdi> } })}
                </p>
                {waits.map(|waits| view! { <p class="agenda__waiting">{waits}</p> })}
            </div>
            <div class="agenda__state">
                <StateBadge state=row.state occupied=row.occupied />
            </div>
            <div class="agenda__actions">
                {(!over)
                    .then(|| {
                        view! {
                            {join}
                            {match row.only_guest {
                                Some(guest) => {
                                    view! { <LinkButton consultation=row.id guest name=guests.clone() quiet=true /> }.into_any()
                                }
                                // Each of several has a link of their own.
                                None => {
                                    view! {
                                        <a
                                            class="button button--quiet"
                                            href=format!("{}#guests", paths::consultation(row.id))
                                            aria-label=t!(staff::today::guest_links_whose { whom })
                                        >
                                            {t!(staff::today::guest_links)}
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

/// The room's page, which is another one, goes straight in.
fn ask_to_admit(id: ConsultationId) {
    #[cfg(feature = "hydrate")]
    crate::browser::admit::ask(id);
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}
