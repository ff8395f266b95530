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
                {t!(guest::banner::reconnecting)}
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
                <span>{t_view!(guest::banner::covered_screen { name: view! { <bdi>{move || whose.get()}</bdi> } })}</span>
                <button
                    type="button"
                    class="button"
                    data-test="show-screen"
                    on:click=move |_| call.panel.set(Panel::None)
                >
                    {t!(guest::banner::show_screen)}
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
                    {t!(guest::banner::connecting)}
                </p>
            </Show>
            <Show when=move || poor.get() && !connecting.get()>
                <p class="call-banner call-banner--warning">
                    {move || messages::quality(call.media.quality.get())}
                </p>
            </Show>
            <Show when=move || call.media.sound_blocked.get()>
                <p class="call-banner call-banner--action" role="alert">
                    {t!(guest::banner::sound_held_back)}
                    <button
                        type="button"
                        class="button button--primary"
                        data-test="sound-on"
                        on:click=move |_| call.media.sound_blocked.set(false)
                    >
                        <SignIcon sign=Sign::Speaker />
                        {t!(guest::banner::turn_on_sound)}
                    </button>
                </p>
            </Show>
            <CoveredScreen />
            <Show when=move || call.devices.sharing.get()>
                <p class="call-banner call-banner--action" data-test="sharing">
                    {t!(guest::banner::sharing)}
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
                        {t!(guest::controls::stop_sharing)}
                    </button>
                </p>
            </Show>
            <Show when=move || call.devices.interrupted.get()>
                <p class="call-banner call-banner--warning" data-test="interrupted">
                    {t!(guest::banner::microphone_taken)}
                </p>
            </Show>
            <Show when=move || call.devices.muted_speech.get()>
                <p class="call-banner call-banner--action" data-test="muted-speech">
                    {t!(guest::banner::muted_speech)}
                    <button type="button" class="button" on:click=move |_| call.ask(Command::ToggleMicrophone)>
                        {t!(guest::controls::unmute)}
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
