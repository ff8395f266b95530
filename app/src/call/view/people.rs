use anteroom_domain::signalling::{Person, Stand};
use leptos::prelude::*;

use super::{Sign, SignIcon};
use crate::call::{
    state::{Call, Command},
    words,
};

/// Who is here; for the host also who was turned away, and the way to take that back.
#[component]
pub fn People() -> impl IntoView {
    let call = Call::here();
    let inside = Memo::new(move |_| call.people(Stand::Admitted));
    let away = Memo::new(move |_| {
        let mut away = call.people(Stand::Declined);
        away.extend(call.people(Stand::Removed));
        away
    });
    view! {
        <div class="people">
            <ul class="people__list">
                <For each=move || inside.get() key=|person| person.visit let:person>
                    <Inside person />
                </For>
            </ul>
            {move || {
                let others = call.room.with(|room| room.as_ref().map_or(0, |room| room.viewers));
                words::viewers(others).map(|text| view! { <p class="people__viewers" data-test="viewers">{text}</p> })
            }}
            <Show when=move || call.is_host() && !away.with(Vec::is_empty)>
                <h3 class="people__title">"Not in the meeting"</h3>
                <ul class="people__list">
                    <For each=move || away.get() key=|person| (person.visit, stand_word(person)) let:person>
                        <TurnedAway person />
                    </For>
                </ul>
            </Show>
        </div>
    }
    .into_any()
}

fn stand_word(person: &Person) -> &'static str {
    words::turned_away(person.stand).unwrap_or_default()
}

#[component]
fn Inside(person: Person) -> impl IntoView {
    let call = Call::here();
    let visit = person.visit;
    let you = visit == untrack(|| call.me());
    let now = call.person(visit);
    let state = move || {
        now.with(|person| {
            person
                .as_ref()
                .map_or("", |person| match (person.connected, person.microphone) {
                    (false, _) => "reconnecting",
                    (true, false) => "muted",
                    (true, true) => "",
                })
        })
    };
    let removable = untrack(|| call.is_host()) && !you && person.guest.is_some();
    let confirming = RwSignal::new(false);
    let name = words::name_with_role(&person, you);
    let remove = format!("Remove {}", person.name);
    view! {
        <li class="people__person" data-test="person" data-visit=visit>
            <span class="people__name">{name}</span>
            <span class="people__state">{state}</span>
            {removable
                .then(|| {
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
                                        on:click=move |_| confirming.set(true)
                                    >
                                        "Remove"
                                    </button>
                                }
                            }
                        >
                            <span class="people__confirm">
                                <button
                                    type="button"
                                    class="button button--danger"
                                    data-test="remove-confirm"
                                    on:click=move |_| call.ask(Command::Remove(visit))
                                >
                                    "Really remove"
                                </button>
                                <button type="button" class="button button--quiet" on:click=move |_| confirming.set(false)>
                                    "Keep"
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
fn TurnedAway(person: Person) -> impl IntoView {
    let call = Call::here();
    let label = format!("Let them ask again: {}", person.name);
    let word = stand_word(&person);
    view! {
        <li class="people__person" data-test="turned-away">
            <span class="people__name">{person.name}</span>
            <span class="people__state">{word}</span>
            {person
                .guest
                .map(|guest| {
                    view! {
                        <button
                            type="button"
                            class="button"
                            data-test="forgive"
                            aria-label=label
                            on:click=move |_| call.ask(Command::Forgive(guest))
                        >
                            <SignIcon sign=Sign::People />
                            "Let them ask again"
                        </button>
                    }
                })}
        </li>
    }
}
