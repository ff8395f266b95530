//! Banners across the screen: a lost connection, blocked sound, a poor connection, a hint. Screen readers hear the same from
//! the region of [`crate::call::announcements`], which is always there; a banner that waits for a click is an alert.

use anteroom_protocol::media::Quality;
use leptos::prelude::*;

use super::{Sign, SignIcon, controls::control_id, focus::focus_soon};
use crate::call::{
    layout::layout,
    messages,
    participant::ParticipantId,
    stage::SocketState,
    state::{Call, Command, Panel},
};

/// The socket is being reconnected.
#[component]
pub fn ReconnectingBanner() -> impl IntoView {
    let call = Call::here();
    view! {
        <Show when=move || call.socket.get() == SocketState::Reconnecting>
            <p class="call-banner call-banner--warning" data-test="reconnecting">
                {messages::RECONNECTING}
            </p>
        </Show>
    }
}

/// On a phone, a panel covers the screen that somebody shares.
#[component]
fn CoveredScreen() -> impl IntoView {
    let call = Call::here();
    let whose = Memo::new(move |_| {
        let me = call.me().map(ParticipantId::Visit);
        call.participants.with(|people| {
            let shared = layout(people, me).stage?;
            let person = people.iter().find(|person| person.id == shared.of)?;
            Some(person.name.clone())
        })
    });
    view! {
        <Show when=move || call.panel.get() != Panel::None && whose.with(Option::is_some)>
            <p class="call-banner call-banner--covered" data-test="covered-screen">
                <span>
                    <bdi>{move || whose.get()}</bdi>
                    " is sharing their screen."
                </span>
                <button
                    type="button"
                    class="button"
                    data-test="show-screen"
                    on:click=move |_| call.panel.set(Panel::None)
                >
                    "Show it"
                </button>
            </p>
        </Show>
    }
}

/// All banners, for the call screen.
#[component]
pub fn Banners() -> impl IntoView {
    let call = Call::here();
    let poor =
        Memo::new(move |_| call.media.quality.get() <= Quality::Poor && call.socket.get() == SocketState::Connected);
    let connecting = Memo::new(move |_| {
        call.stage
            .with(|stage| *stage == crate::call::stage::CallStage::Connecting)
    });
    view! {
        <div class="call-banners">
            <ReconnectingBanner />
            <Show when=move || connecting.get() && call.meeting.external.with(Option::is_none)>
                <p class="call-banner" data-test="connecting">
                    "Connecting sound and picture…"
                </p>
            </Show>
            <Show when=move || poor.get() && !connecting.get()>
                <p class="call-banner call-banner--warning">
                    {move || messages::quality(call.media.quality.get())}
                </p>
            </Show>
            <Show when=move || call.media.sound_blocked.get()>
                <p class="call-banner call-banner--action" role="alert">
                    "Your browser holds back the sound until you ask for it."
                    <button
                        type="button"
                        class="button button--primary"
                        data-test="sound-on"
                        on:click=move |_| call.media.sound_blocked.set(false)
                    >
                        <SignIcon sign=Sign::Speaker />
                        "Turn on sound"
                    </button>
                </p>
            </Show>
            <CoveredScreen />
            <Show when=move || call.devices.sharing.get()>
                <p class="call-banner call-banner--action" data-test="sharing">
                    {messages::SHARING}
                    <button
                        type="button"
                        class="button button--primary"
                        data-test="stop-sharing"
                        on:click=move |_| {
                            call.ask(Command::ToggleScreen);
                            focus_soon(control_id("share"));
                        }
                    >
                        <SignIcon sign=Sign::ScreenOff />
                        "Stop sharing"
                    </button>
                </p>
            </Show>
            <Show when=move || call.devices.interrupted.get()>
                <p class="call-banner call-banner--warning" data-test="interrupted">
                    {messages::INTERRUPTED}
                </p>
            </Show>
            <Show when=move || call.devices.muted_speech.get()>
                <p class="call-banner call-banner--action" data-test="muted-speech">
                    {messages::MUTED_SPEECH}
                    <button type="button" class="button" on:click=move |_| call.ask(Command::ToggleMicrophone)>
                        "Unmute"
                    </button>
                </p>
            </Show>
            {move || {
                call.notices.toast
                    .get()
                    .map(|sentence| {
                        view! {
                            <p class="call-banner" data-test="toast">
                                {sentence}
                            </p>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}
