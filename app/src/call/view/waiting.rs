use anteroom_domain::visit::AdmissionStatus;
use anteroom_protocol::seat::Person;
use leptos::prelude::*;

use super::{
    Sign, SignIcon,
    focus::{Answered, CALL_TITLE, WAITING_TITLE},
};
use crate::call::{
    messages,
    state::{Call, Command},
};

/// The guests who wait, for the host: names, waiting times, and the two answers. Above everything else, because a person
/// waits.
#[component]
pub fn WaitingPanel() -> impl IntoView {
    let call = Call::here();
    let waiting = Memo::new(move |_| {
        let mut waiting = call.people(AdmissionStatus::Waiting);
        waiting.sort_by_key(|person| person.arrived_at);
        waiting
    });
    let answered = Answered::follow(waiting, move || {
        if waiting.with_untracked(Vec::is_empty) {
            CALL_TITLE
        } else {
            WAITING_TITLE
        }
    });
    view! {
        <Show when=move || !waiting.with(Vec::is_empty)>
            <section class="waiting" aria-labelledby=WAITING_TITLE data-test="waiting">
                <h2 class="waiting__title" id=WAITING_TITLE tabindex="-1">
                    {move || t!(guest::waiting::heading { count: waiting.with(Vec::len) })}
                </h2>
                <ul class="waiting__list">
                    <For each=move || waiting.get() key=|person| (person.visit, person.name.clone()) let:person>
                        <WaitingGuest person answered />
                    </For>
                </ul>
                // For one guest, the button beside the name does the same.
                <Show when=move || waiting.with(|waiting| waiting.len() > 1)>
                    <p class="waiting__all">
                        <button
                            type="button"
                            class="button"
                            data-test="admit-all"
                            on:click=move |_| {
                                answered.now();
                                for person in waiting.get_untracked() {
                                    call.ask(Command::Admit(person.visit));
                                }
                            }
                        >
                            {move || t!(guest::waiting::admit_all { count: waiting.with(Vec::len) })}
                        </button>
                    </p>
                </Show>
                <Show when=move || call.notices.may_ask_notifications.get()>
                    <p class="waiting__notify">
                        <button
                            type="button"
                            class="button button--quiet"
                            on:click=move |_| call.ask(Command::AllowNotifications)
                        >
                            <SignIcon sign=Sign::Bell />
                            {t!(guest::waiting::notify_me)}
                        </button>
                    </p>
                </Show>
            </section>
        </Show>
    }
    .into_any()
}

#[component]
fn WaitingGuest(person: Person, answered: Answered) -> impl IntoView {
    let call = Call::here();
    let (visit, arrived_at) = (person.visit, person.arrived_at);
    let now = call.person(visit);
    let away = Memo::new(move |_| now.with(|person| person.as_ref().is_some_and(|person| !person.connected)));
    let waited = Memo::new(move |_| messages::waited(call.meeting.now.get() - arrived_at));
    let admit = t!(guest::waiting::admit_name { name: &person.name });
    let decline = t!(guest::waiting::decline_name { name: &person.name });
    view! {
        <li class="waiting__guest" data-test="waiting-guest" data-visit=visit.0>
            <div class="waiting__who">
                <strong>
                    <bdi>{person.name}</bdi>
                </strong>
                {move || {
                    let invited = now.with(|person| person.as_ref().and_then(|person| person.invited.clone()));
                    invited
                        .map(|invited| {
                            view! {
                                <span class="waiting__invited" data-test="invited-as">
                                    {t_view!(guest::waiting::invited_as { name: view! { <bdi>{invited}</bdi> } })}
                                </span>
                            }
                        })
                }}
                {move || {
                    let contact = now.with(|person| person.as_ref().and_then(|person| person.contact.clone()));
                    contact.map(|contact| view! { <bdi class="waiting__contact" data-test="contact">{contact}</bdi> })
                }}
                <span class="waiting__since">
                    {move || {
                        let duration = waited.get();
                        if away.get() {
                            t!(guest::waiting::since_and_away { duration })
                        } else {
                            t!(guest::waiting::since { duration })
                        }
                    }}
                </span>
            </div>
            <div class="waiting__answers">
                <button
                    type="button"
                    class="button button--primary"
                    data-test="admit"
                    aria-label=admit
                    on:click=move |_| {
                        answered.now();
                        call.ask(Command::Admit(visit));
                    }
                >
                    {t!(guest::waiting::admit)}
                </button>
                <button
                    type="button"
                    class="button"
                    data-test="decline"
                    aria-label=decline
                    on:click=move |_| {
                        answered.now();
                        call.ask(Command::Decline(visit));
                    }
                >
                    {t!(guest::waiting::decline)}
                </button>
            </div>
        </li>
    }
    .into_any()
}
