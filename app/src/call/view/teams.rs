//! What an external meeting adds to the call screen: the progress of joining, notices of recording, consent, captions, a
//! raised hand, and the way into the meeting in its own client.

use anteroom_domain::teams::Announcement;
use anteroom_domain::teams::link::OpenInTeams;
use anteroom_domain::visit::{AdmissionStatus, TeamsPresence};
use leptos::prelude::*;

use crate::call::external::{ExternalCommand, ExternalSession, REACTIONS, notice, reaction};
use crate::call::messages::{self, LobbyKind};
use crate::call::state::{Call, Command};

#[component]
pub fn TeamsBar() -> impl IntoView {
    let call = Call::here();
    let there = Memo::new(move |_| call.meeting.external.with(Option::is_some));
    view! {
        <Show when=move || there.get()>
            {if call.is_host() {
                view! { <ForHost /> }.into_any()
            } else {
                view! { <ForGuest /> }.into_any()
            }}
        </Show>
    }
    .into_any()
}

/// A part of the session, followed as it changes.
fn part<T: Clone + PartialEq + Send + Sync + 'static>(
    call: Call,
    take: impl Fn(&ExternalSession) -> T + Send + Sync + 'static,
) -> Memo<Option<T>> {
    Memo::new(move |_| call.meeting.external.with(|external| external.as_ref().map(&take)))
}

#[component]
fn ForHost() -> impl IntoView {
    let call = Call::here();
    let open = part(call, |external| external.open.clone());
    let in_lobby = Memo::new(move |_| {
        let mut people = call.people(AdmissionStatus::Admitted);
        people.retain(|person| messages::lobby_of(person) == Some(LobbyKind::Teams));
        people
            .into_iter()
            .map(|person| (person.visit, person.name))
            .collect::<Vec<_>>()
    });
    view! {
        <section class="teams-bar" aria-labelledby="teams-title" data-test="teams-host">
            <h2 class="teams-bar__title" id="teams-title">
                {t!(guest::teams::takes_place)}
            </h2>
            <p>{t!(guest::teams::takes_place_text)}</p>
            <For each=move || in_lobby.get() key=Clone::clone let:one>
                <p data-test="teams-lobby-guest">
                    {t_view!(guest::teams::waits_in_lobby { name: view! { <strong><bdi>{one.1}</bdi></strong> } })}
                </p>
            </For>
            {move || open.get().flatten().map(|open| view! { <p class="teams-bar__ways"><OpenElsewhere open host=true /></p> })}
        </section>
    }
}

#[component]
fn ForGuest() -> impl IntoView {
    let call = Call::here();
    let on_the_way = Memo::new(move |_| {
        call.meeting.external.with(|external| {
            let external = external.as_ref()?;
            if external.unavailable.is_some() || external.presence == Some(TeamsPresence::In) {
                return None;
            }
            Some(match (external.presence, external.queue, external.loaded) {
                (Some(TeamsPresence::Lobby), ..) => t!(guest::teams::in_lobby).to_owned(),
                (_, Some(position), _) if position > 1 => t!(guest::teams::queue { position }),
                (_, Some(_), _) => t!(guest::teams::queue_next).to_owned(),
                (Some(_), ..) => t!(guest::teams::connecting).to_owned(),
                (None, None, Some(share)) if share < 100 => t!(guest::teams::loading { share }),
                _ => t!(guest::teams::getting_ready).to_owned(),
            })
        })
    });
    let in_lobby = part(call, |external| external.presence == Some(TeamsPresence::Lobby));
    let share = part(call, |external| external.loaded);
    let unavailable = part(call, |external| {
        external.unavailable.clone().map(|text| (text, external.open.clone()))
    });
    let open = part(call, |external| external.open.clone());
    let notices = part(call, ExternalSession::notices);
    let asked = part(call, |external| external.consent_asked);
    view! {
        <div class="teams-bars">
            {move || {
                on_the_way
                    .get()
                    .map(|sentence| {
                        let lobby = in_lobby.get().unwrap_or_default();
                        view! {
                            <section class="teams-bar" data-test=if lobby { "teams-lobby" } else { "teams-joining" }>
                                <p role="status">{sentence}</p>
                                {(!lobby)
                                    .then(|| {
                                        let share = share.get().flatten();
                                        view! { <progress class="teams-bar__progress" max="100" value=share.map(|share| share.to_string()) aria-label=t!(guest::teams::progress)></progress> }
                                    })}
                                {open.get().flatten().map(|open| view! { <p class="teams-bar__ways"><OpenElsewhere open /></p> })}
                            </section>
                        }
                    })
            }}
            {move || {
                unavailable
                    .get()
                    .flatten()
                    .map(|(sentence, open)| {
                        view! {
                            <section class="teams-bar teams-bar--warning" data-test="teams-unavailable">
                                <p role="alert">{sentence}</p>
                                <p class="teams-bar__ways">
                                    <button
                                        type="button"
                                        class="button button--primary"
                                        data-test="teams-again"
                                        on:click=move |_| call.ask(Command::External(ExternalCommand::Retry))
                                    >
                                        {t!(guest::teams::try_again)}
                                    </button>
                                    {open.map(|open| view! { <OpenElsewhere open /> })}
                                </p>
                            </section>
                        }
                    })
            }}
            {move || {
                notices
                    .get()
                    .unwrap_or_default()
                    .into_iter()
                    .map(|what| {
                        let test = match what {
                            Announcement::Recording => "notice-recording",
                            Announcement::Transcription => "notice-transcription",
                            Announcement::ConsentAsked => "notice-consent",
                        };
                        view! {
                            <p class="teams-bar teams-bar--notice" role="status" data-test=test>
                                <span class="teams-bar__dot" aria-hidden="true"></span>
                                {notice(what)}
                            </p>
                        }
                    })
                    .collect_view()
            }}
            <Show when=move || asked.get().unwrap_or_default()>
                <section class="teams-bar teams-bar--warning" aria-labelledby="consent-title" data-test="consent">
                    <h2 class="teams-bar__title" id="consent-title">
                        {t!(guest::teams::agree_title)}
                    </h2>
                    <p role="alert">{notice(Announcement::ConsentAsked)}</p>
                    <p class="teams-bar__ways">
                        <button
                            type="button"
                            class="button button--primary"
                            data-test="agree"
                            on:click=move |_| call.ask(Command::External(ExternalCommand::Agree))
                        >
                            {t!(guest::teams::agree)}
                        </button>
                        <button type="button" class="button" on:click=move |_| call.ask(Command::Leave)>
                            {t!(guest::teams::leave)}
                        </button>
                    </p>
                </section>
            </Show>
            <Inside />
        </div>
    }
    .into_any()
}

/// Captions, hand and reactions, for a participant who is in.
#[component]
fn Inside() -> impl IntoView {
    let call = Call::here();
    let inside = part(call, |external| external.presence == Some(TeamsPresence::In));
    let captions_on = part(call, |external| external.captions_on);
    let captions = part(call, |external| external.captions.clone());
    let hand = part(call, |external| external.hand);
    // A viewer's seat sends nothing in any case, and has no buttons for it.
    let forbidden = part(call, move |external| external.forbidden().filter(|_| call.publishes()));
    let on = move |memo: Memo<Option<bool>>| memo.get().unwrap_or_default();
    view! {
        <Show when=move || on(inside)>
            {move || {
                forbidden
                    .get()
                    .flatten()
                    .map(|sentence| view! { <p class="teams-bar" role="status" data-test="teams-role">{sentence}</p> })
            }}
            <div class="teams-tools" role="group" aria-label=t!(guest::teams::tools)>
                <button
                    type="button"
                    class="button button--quiet"
                    data-test="hand"
                    aria-pressed=move || on(hand).to_string()
                    on:click=move |_| call.ask(Command::External(ExternalCommand::RaiseHand(!on(hand))))
                >
                    {t!(guest::teams::raise_hand)}
                </button>
                <button
                    type="button"
                    class="button button--quiet"
                    data-test="captions"
                    aria-pressed=move || on(captions_on).to_string()
                    on:click=move |_| call.ask(Command::External(ExternalCommand::Captions(!on(captions_on))))
                >
                    {t!(guest::teams::captions)}
                </button>
                {REACTIONS
                    .into_iter()
                    .map(|(kind, picture)| {
                        let name = reaction(kind);
                        view! {
                            <button
                                type="button"
                                class="button button--quiet teams-tools__reaction"
                                aria-label=name
                                title=name
                                on:click=move |_| call.ask(Command::External(ExternalCommand::React(kind)))
                            >
                                {picture}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
            <Show when=move || on(captions_on)>
                <div class="captions" role="log" aria-label=t!(guest::teams::captions_log) data-test="caption-lines">
                    {move || {
                        captions
                            .get()
                            .unwrap_or_default()
                            .into_iter()
                            .map(|line| {
                                view! {
                                    <p>
                                        {t_view!(guest::teams::caption {
                                            speaker: view! { <strong><bdi>{line.speaker}</bdi></strong> },
                                            text: view! { <bdi>{line.text}</bdi> },
                                        })}
                                    </p>
                                }
                            })
                            .collect_view()
                    }}
                </div>
            </Show>
        </Show>
    }
    .into_any()
}

/// The way into the meeting in Microsoft's own client, in a new tab: offered, never forced.
#[component]
pub fn OpenElsewhere(open: OpenInTeams, #[prop(optional)] host: bool) -> impl IntoView {
    let label = if host {
        t!(guest::teams::open_meeting)
    } else {
        t!(guest::teams::open_instead)
    };
    let (href, id) = match open {
        OpenInTeams::Link(link) => (link, None),
        OpenInTeams::AskForId { page, id, passcode } => (page, Some((id, passcode))),
    };
    view! {
        <a
            class="button"
            class:button--primary=host
            href=href
            target="_blank"
            rel="external noopener noreferrer"
            data-test="open-in-teams"
        >
            {label}
            <span class="visually-hidden">" " {t!(guest::teams::opens_new_tab)}</span>
        </a>
        {id.map(|(id, passcode)| {
            let id = view! { <code>{id}</code> };
            let text = match passcode {
                Some(passcode) => {
                    t_view!(guest::teams::id_and_passcode { id: id, passcode: view! { <code>{passcode}</code> } })
                }
                None => t_view!(guest::teams::id { id: id }),
            };
            view! { <span class="teams-bar__id">{text}</span> }
        })}
    }
}
