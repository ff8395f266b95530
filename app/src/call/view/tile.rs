use anteroom_protocol::media::Source;
use leptos::prelude::*;

use super::{Picture, Sign, SignIcon, Sound};
use crate::call::{
    layout::{StreamId, initials},
    messages,
    participant::{Participant, TileId},
    state::{Call, Device},
};

/// The tile of a participant, or of a screen that somebody else shares.
#[component]
pub fn Tile(id: TileId) -> impl IntoView {
    let call = Call::here();
    let own = untrack(|| call.is_me(id.of));
    let person = call.participant(id.of);
    let screen = id.source == Source::Screen;
    let name =
        Memo::new(move |_| person.with(|person| person.as_ref().map(|person| person.name.clone()).unwrap_or_default()));
    let label = Memo::new(move |_| {
        if screen {
            t!(guest::tile::screen_of { name: name.get() })
        } else {
            person.with(|person| {
                person
                    .as_ref()
                    .map(|person| messages::name_with_role(person, own))
                    .unwrap_or_default()
            })
        }
    });
    let stream = if own { StreamId::OwnCamera } else { StreamId::Tile(id) };
    let is = move |what: fn(&Participant) -> bool| person.with(|person| person.as_ref().is_some_and(what));
    // A picture shows once its sender says that there is one and its stream is here.
    let shown = Memo::new(move |_| {
        let says = match (own, screen) {
            (true, _) => call.devices.camera.get() == Device::On,
            (false, true) => is(|person| person.screen),
            (false, false) => is(|person| person.camera),
        };
        says && call.has_stream(stream)
    });
    let muted = Memo::new(move |_| {
        !screen
            && if own {
                !call.heard()
            } else {
                !is(|person| person.microphone)
            }
    });
    let away = Memo::new(move |_| !own && is(|person| !person.connected));
    let coming = Memo::new(move |_| !own && !screen && is(|person| person.coming));
    let microphone = StreamId::Tile(TileId {
        source: Source::Microphone,
        ..id
    });
    view! {
        <figure
            class="tile"
            class:tile--own=own
            class:tile--screen=screen
            class:tile--away=move || away.get()
            data-test="tile"
            data-visit=id.of.visit().map(|visit| visit.0)
            data-source=if screen { "screen" } else { "camera" }
            data-own=own.then_some("true")
            data-picture=move || shown.get().then_some("true")
        >
            <Show
                when=move || shown.get()
                fallback=move || {
                    view! {
                        <div class="tile__off">
                            <span class="avatar" aria-hidden="true">
                                {move || name.with(|name| initials(name))}
                            </span>
                        </div>
                    }
                }
            >
                <Picture id=stream mirrored=own label=Signal::derive(move || label.get()) />
            </Show>
            <Show when=move || !own && !screen && call.has_stream(microphone)>
                <Sound id=microphone />
            </Show>
            <figcaption class="tile__label">
                <Show when=move || muted.get()>
                    <span class="tile__muted">
                        <SignIcon sign=Sign::MicrophoneOff />
                        <span class="visually-hidden">{t!(guest::tile::muted)} " "</span>
                    </span>
                </Show>
                <span class="tile__name">{move || label.get()}</span>
                <Show when=move || away.get()>
                    <span class="tile__away">{t!(guest::tile::reconnecting)}</span>
                </Show>
                <Show when=move || coming.get()>
                    <span class="tile__away" data-test="coming">{t!(guest::tile::connecting)}</span>
                </Show>
            </figcaption>
        </figure>
    }
    .into_any()
}
