use anteroom_domain::account::AccountRole;
use anteroom_domain::time::Zone;
use anteroom_domain::view::Waiting;
use leptos::prelude::*;

use super::alerts::NotifyMe;
use super::feed::Feed;
use crate::api::ApiError;
use crate::api::session::frame::{Frame, show_frame};
use crate::components::{NavLink, Notice, StaffHeader, TitleNote, Tone, clock_text, span_text, ticking};
use crate::paths;

/// Which part of the navigation a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    Today,
    Consultations,
    Schedule,
    Dashboard,
    Branches,
    Services,
    Accounts,
    Teams,
    Jobs,
    Account,
}

/// What stands around every staff page: the head with its navigation and who waits, live.
///
/// The page stands beside the head, not inside of what waits for it: the server renders what waits twice, and a resource
/// that is made in there would be fetched twice, too.
#[component]
pub fn StaffFrame<V>(area: Area, view: V) -> impl IntoView
where
    V: FnOnce() -> AnyView,
{
    let feed = Feed::default();
    provide_context(feed);
    provide_context(feed.server_time);
    let frame: Resource<Result<Frame, ApiError>> = Resource::new_blocking(|| (), |()| show_frame());
    #[cfg(feature = "hydrate")]
    {
        let shown = Signal::derive(move || frame.get().and_then(Result::ok).map(|frame| frame.feed));
        super::feed::follow(feed, super::alarm::Loudness::Full, Some(shown));
    }
    view! {
        <Transition>
            {move || Suspend::new(async move {
                // Where this fails, so does the page, and says why.
                frame.await.ok().map(|frame| {
                    feed.waiting.set(frame.feed.waiting.clone());
                    view! { <Head frame area /> }
                })
            })}
        </Transition>
        {view()}
    }
}

#[component]
fn Head(frame: Frame, area: Area) -> impl IntoView {
    let is_admin = frame.account.role == AccountRole::Admin;
    let link = |label: &str, href: &str, of: Area| NavLink::new(label, href, of == area);
    let mut links = vec![
        link(t!(staff::frame::today), paths::TODAY, Area::Today),
        link(
            t!(staff::frame::consultations),
            paths::CONSULTATIONS,
            Area::Consultations,
        ),
        link(t!(staff::frame::schedule), paths::SCHEDULE, Area::Schedule),
    ];
    let mut admin_links = Vec::new();
    if is_admin {
        links.push(link(t!(staff::frame::dashboard), paths::DASHBOARD, Area::Dashboard));
        admin_links.push(link(t!(staff::frame::branches), paths::BRANCHES, Area::Branches));
        admin_links.push(link(t!(staff::frame::services), paths::SERVICES, Area::Services));
        admin_links.push(link(t!(staff::frame::accounts), paths::ACCOUNTS, Area::Accounts));
        admin_links.push(link(t!(staff::frame::teams), paths::TEAMS, Area::Teams));
        admin_links.push(link(t!(staff::frame::jobs), paths::JOBS, Area::Jobs));
    }
    let account_links = vec![
        link(t!(staff::frame::account), paths::ACCOUNT, Area::Account),
        NavLink::new(
            t!(staff::frame::language),
            format!("{}#language", paths::ACCOUNT),
            false,
        ),
    ];
    let zone = frame.account.zone.clone();
    let waiting = view! {
        <NotLive zone />
        <WaitingBell now=frame.feed.now />
    }
    .into_any();
    view! {
        <StaffHeader
            home=paths::TODAY
            links
            admin_links
            waiting=waiting
            account_name=frame.account.name
            account_links
            sign_out=paths::SIGN_OUT
        />
        <FrameNews />
    }
    // Cuts the type of the page's view short: the compiler follows it to the last element otherwise.
    .into_any()
}

/// Says so when the page has not heard from the server for too long: what it shows may be old.
#[component]
fn NotLive(zone: Zone) -> impl IntoView {
    let since = expect_context::<Feed>().silent_since;
    view! {
        <p class="not-live" role="status" data-test="not-live">
            {move || since.get().map(|at| t!(staff::frame::not_live { time: clock_text(at, &zone) }))}
        </p>
    }
}

/// What concerns the page as a whole, and takes nothing of it away.
#[component]
fn FrameNews() -> impl IntoView {
    let Feed { signed_out, held, .. } = expect_context::<Feed>();
    view! {
        <div class="frame-news" role="status">
            <Show when=move || signed_out.get()>
                <Notice tone=Tone::Warning title=t!(staff::frame::signed_out)>
                    {t_view!(staff::frame::sign_in_again {
                        link: view! {
                            <a href=paths::SIGN_IN target="_blank" rel="external noopener" data-test="sign-in-again">
                                {t!(staff::frame::sign_in_again_link)}
                            </a>
                        },
                    })}
                </Notice>
            </Show>
            <Show when=move || held.get() && !signed_out.get()>
                <Notice tone=Tone::Info title=t!(staff::frame::changed)>
                    {t_view!(staff::frame::load_anew {
                        link: view! {
                            <a href="" rel="external" data-test="show-changes">
                                {t!(staff::frame::load_anew_link)}
                            </a>
                        },
                    })}
                </Notice>
            </Show>
        </div>
    }
}

/// Who waits, in the head of every page: a count nobody overlooks, and the way to each of them.
#[component]
fn WaitingBell(now: jiff::Timestamp) -> impl IntoView {
    let waiting = expect_context::<Feed>().waiting;
    let title: TitleNote = expect_context();
    // Who looks at another tab sees the count in this one's title.
    Effect::new(move |_| {
        title.set(match waiting.with(Vec::len) {
            0 => String::new(),
            n => format!("{} ", t!(staff::frame::title_note { count: n })),
        });
    });
    on_cleanup(move || title.set(String::new()));
    let count = move || waiting.with(Vec::len);
    let clock = ticking(now);
    view! {
        <div class="waiting-bell" class:is-ringing=move || 0 < count() data-test="waiting-bell">
            <p class="visually-hidden" role="status">
                {move || match count() {
                    0 => String::new(),
                    n => t!(staff::frame::guests_waiting { count: n }),
                }}
            </p>
            <Show when=move || 0 < count()>
                <details class="menu menu--end" name="staff-menu">
                    <summary class="menu__button waiting-bell__button">
                        {t_view!(staff::frame::bell {
                            number: view! {
                                <span class="waiting-bell__count" data-test="waiting-count">
                                    {count}
                                </span>
                            },
                        })}
                    </summary>
                    <div class="menu__panel">
                        <ul class="waiting-bell__list">
                            {move || waiting.get().into_iter().map(|guest| view! { <Guest guest now=clock /> }).collect_view()}
                        </ul>
                        <NotifyMe />
                    </div>
                </details>
            </Show>
        </div>
    }
}

#[component]
fn Guest(guest: Waiting, now: Signal<jiff::Timestamp>) -> impl IntoView {
    let since = guest.since;
    view! {
        <li>
            <a class="waiting-bell__guest" href=paths::room(guest.consultation) rel="external">
                <bdi class="waiting-bell__name">{guest.guest}</bdi>
                <span class="waiting-bell__what">
                    {move || {
                        let (service, host) = (&guest.service, &guest.host_name);
                        let waited = span_text(now.get().duration_since(since).as_secs());
                        if guest.in_teams {
                            t!(staff::frame::waits_in_teams { service, host, waited })
                        } else {
                            t!(staff::frame::waits { service, host, waited })
                        }
                    }}
                </span>
            </a>
        </li>
    }
}
