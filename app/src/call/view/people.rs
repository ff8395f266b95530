use anteroom_domain::id::VisitId;
use anteroom_domain::visit::AdmissionStatus;
use anteroom_protocol::seat::Person;
use leptos::prelude::*;

use super::{
    Sign, SignIcon,
    focus::{Answered, SIDE_TITLE, focus_soon},
};
use crate::call::{
    messages,
    participant::Participant,
    state::{Call, Command},
};

/// The people in the call; for the host also those who were turned away, and the way to take that back.
#[component]
pub fn People() -> impl IntoView {
    let call = Call::here();
    let inside = call.participants;
    let away = Memo::new(move |_| {
        let mut away = call.people(AdmissionStatus::Declined);
        away.extend(call.people(AdmissionStatus::Removed));
        away
    });
    let notes = call.meeting.notes.get_value();
    let removed = Answered::follow(inside, || SIDE_TITLE);
    let allowed = Answered::follow(away, || SIDE_TITLE);
    view! {
        <div class="people">
            <ul class="people__list">
                <For each=move || inside.get() key=|person| person.id let:person>
                    <Inside person removed />
                </For>
            </ul>
            {move || {
                let others = call.meeting.room.with(|room| room.as_ref().map_or(0, |room| room.viewers));
                messages::viewers(others).map(|text| view! { <p class="people__viewers" data-test="viewers">{text}</p> })
            }}
            {(!notes.is_empty())
                .then(|| {
                    view! {
                        <h3 class="people__title">{t!(guest::people::notes)}</h3>
                        <p class="people__notes prewrap" data-test="notes">{notes}</p>
                        <p class="field__hint">{t!(guest::people::notes_hint)}</p>
                    }
                })}
            <Show when=move || call.is_host() && !away.with(Vec::is_empty)>
                <h3 class="people__title">{t!(guest::people::not_in_meeting)}</h3>
                <ul class="people__list">
                    <For each=move || away.get() key=|person| (person.visit, status_word(person)) let:person>
                        <TurnedAway person allowed />
                    </For>
                </ul>
            </Show>
        </div>
    }
    .into_any()
}

fn status_word(person: &Person) -> &'static str {
    messages::turned_away(person.status).unwrap_or_default()
}

fn remove_id(visit: VisitId) -> String {
    format!("remove-{visit}")
}

fn keep_id(visit: VisitId) -> String {
    format!("keep-{visit}")
}

#[component]
fn Inside(person: Participant, removed: Answered) -> impl IntoView {
    let call = Call::here();
    let id = person.id;
    let you = untrack(|| call.is_me(id));
    let now = call.participant(id);
    let state = move || {
        now.with(|person| {
            person
                .as_ref()
                .map_or("", |person| match (person.connected, person.microphone) {
                    (false, _) => t!(guest::people::reconnecting),
                    _ if person.coming => t!(guest::people::coming),
                    (true, false) => t!(guest::people::muted),
                    (true, true) => "",
                })
        })
    };
    let removable = id.visit().filter(|_| call.is_host() && !you && person.guest.is_some());
    let confirming = RwSignal::new(false);
    // Names change during a call: by the host, and with a hand that goes up in Teams.
    let remove = t!(guest::people::remove_name { name: &person.name });
    let question = t!(guest::people::remove_question { name: &person.name });
    let shown = Memo::new(move |_| now.get().unwrap_or_else(|| person.clone()));
    view! {
        <li class="people__person" data-test="person" data-visit=id.visit().map(|visit| visit.0)>
            <span class="people__name">{move || shown.with(|person| messages::shown_name_with_role(person, you))}</span>
            <span class="people__state">{state}</span>
            {removable
                .map(|visit| {
                    view! {
                        <Show
                            when=move || confirming.get()
                            fallback=move || {
                                let remove = remove.clone();
                                view! {
                                    <button
                                        type="button"
                                        class="button button--quiet"
                                        data-test="remove"
                                        aria-label=remove
                                        id=remove_id(visit)
                                        on:click=move |_| {
                                            confirming.set(true);
                                            focus_soon(keep_id(visit));
                                        }
                                    >
                                        {t!(guest::people::remove)}
                                    </button>
                                }
                            }
                        >
                            // The safe answer has the focus: a person who presses twice removes nobody.
                            <span class="people__confirm" role="group" aria-label=question.clone()>
                                <button
                                    type="button"
                                    class="button button--danger"
                                    data-test="remove-confirm"
                                    on:click=move |_| {
                                        removed.now();
                                        call.ask(Command::Remove(visit));
                                    }
                                >
                                    {t!(guest::people::remove_confirm)}
                                </button>
                                <button
                                    type="button"
                                    class="button button--quiet"
                                    id=keep_id(visit)
                                    on:click=move |_| {
                                        confirming.set(false);
                                        focus_soon(remove_id(visit));
                                    }
                                >
                                    {t!(guest::people::remove_not)}
                                </button>
                            </span>
                        </Show>
                    }
                })}
        </li>
    }
    .into_any()
}

#[component]
fn TurnedAway(person: Person, allowed: Answered) -> impl IntoView {
    let call = Call::here();
    let label = t!(guest::people::allow_again_name { name: &person.name });
    let word = status_word(&person);
    view! {
        <li class="people__person" data-test="turned-away">
            <span class="people__name">
                <bdi>{person.name}</bdi>
            </span>
            <span class="people__state">{word}</span>
            {person
                .guest
                .map(|guest| {
                    view! {
                        <button
                            type="button"
                            class="button"
                            data-test="allow-again"
                            aria-label=label
                            on:click=move |_| {
                                allowed.now();
                                call.ask(Command::AllowAgain(guest));
                            }
                        >
                            <SignIcon sign=Sign::People />
                            {t!(guest::people::allow_again)}
                        </button>
                    }
                })}
        </li>
    }
}
