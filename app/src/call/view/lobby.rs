use leptos::prelude::*;

use super::{Picture, focus::StageHeading};
use crate::call::{
    layout::StreamId,
    messages,
    state::{Call, Command, Device},
    view::banner::ReconnectingBanner,
};

/// The screen between the click and the server's first message.
#[component]
pub fn JoiningScreen(heading: String) -> impl IntoView {
    let call = Call::here();
    view! {
        <div class="joining" data-test="joining">
            <ReconnectingBanner />
            <StageHeading text=heading class="joining__heading" />
            <p class="joining__text">{t!(guest::connecting::on_the_way)}</p>
            <progress class="joining__progress" aria-label=t!(guest::connecting::progress)></progress>
            <button type="button" class="button button--quiet" on:click=move |_| call.ask(Command::Leave)>
                {t!(guest::connecting::cancel)}
            </button>
        </div>
    }
    .into_any()
}

/// The guest waits. The screen says for whom, in which position, since when, and whether anybody knows.
#[component]
pub fn Lobby(heading: String) -> impl IntoView {
    let call = Call::here();
    let host = Memo::new(move |_| {
        call.meeting
            .room
            .with(|room| room.as_ref().map(|room| room.host.clone()).unwrap_or_default())
    });
    let position = Memo::new(move |_| {
        call.meeting.room.with(|room| {
            room.as_ref()
                .map(|room| messages::position(room.you.position))
                .unwrap_or_default()
        })
    });
    let knows = Memo::new(move |_| {
        call.meeting
            .room
            .with(|room| room.as_ref().map(messages::host_knows).unwrap_or_default())
    });
    // By the minute: a screen reader should not speak every second.
    let waited = Memo::new(move |_| {
        let now = call.meeting.now.get();
        call.meeting.room.with(|room| {
            room.as_ref()
                .map(|room| messages::waited(now - room.you.waiting_since))
                .unwrap_or_default()
        })
    });
    view! {
        <div class="lobby" data-test="lobby">
            <ReconnectingBanner />
            <div class="lobby__card">
                <p class="lobby__what">{heading}</p>
                <StageHeading text=Signal::derive(move || t!(guest::lobby::heading { host: host.get() })) class="lobby__heading" />
                <div class="lobby__status" aria-live="polite">
                    <p class="lobby__place" data-test="lobby-place">
                        {move || position.get()}
                    </p>
                    <p data-test="lobby-host">{move || knows.get()}</p>
                </div>
                <p class="lobby__waited">{move || t!(guest::lobby::waited { duration: waited.get() })}</p>
                <p class="lobby__advice">
                    {t!(guest::lobby::advice)}
                </p>
                <Show when=move || call.publishes()>
                    <div class="lobby__self">
                        <Show
                            when=move || call.devices.camera.get() == Device::On
                            fallback=|| view! { <p class="lobby__camera-off">{t!(guest::lobby::camera_off)}</p> }
                        >
                            <Picture id=StreamId::OwnCamera mirrored=true label=t!(guest::media::own_camera) />
                        </Show>
                        <div class="preview__switches">
                            <super::controls::MicrophoneButton />
                            <super::controls::CameraButton />
                        </div>
                    </div>
                </Show>
                <p class="lobby__leave">
                    <button
                        type="button"
                        class="button button--quiet"
                        data-test="leave"
                        on:click=move |_| call.ask(Command::Leave)
                    >
                        {t!(guest::lobby::leave)}
                    </button>
                </p>
            </div>
        </div>
    }
    .into_any()
}
