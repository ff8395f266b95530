//! The buttons under the picture.

use anteroom_domain::signalling::Source;
use leptos::prelude::*;

use super::{Sign, SignIcon, end::EndDialog};
use crate::call::state::{Call, Command, Device, Panel};

/// A round button with a sign. Its name stays the same and `aria-pressed` tells the state, as screen readers expect of a
/// toggle; the tooltip shows the key.
#[component]
fn Control(
    #[prop(into)] sign: Signal<Sign>,
    #[prop(into)] name: Signal<&'static str>,
    #[prop(optional, into)] pressed: Option<Signal<bool>>,
    /// Shown as switched off: struck through and in the colour of warning.
    #[prop(optional, into)]
    off: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// By the role in a meeting outside, which is said beside the picture too.
    #[prop(optional, into)]
    forbidden: Signal<bool>,
    #[prop(optional, into)] badge: Signal<usize>,
    #[prop(optional)] key: &'static str,
    test: &'static str,
    on_click: Callback<()>,
) -> impl IntoView {
    let call = Call::here();
    let key = move || (call.keys.get() && !key.is_empty()).then_some(key);
    let title = move || match key() {
        _ if forbidden.get() => format!("{}: your role in the Teams meeting does not allow it", name.get()),
        Some(key) => format!("{} ({key})", name.get()),
        None => name.get().to_owned(),
    };
    view! {
        <button
            type="button"
            class="control"
            class:control--off=move || off.get()
            id=control_id(test)
            data-test=test
            aria-label=move || name.get()
            title=title
            aria-pressed=move || pressed.map(|pressed| pressed.get().to_string())
            aria-keyshortcuts=key
            disabled=move || disabled.get() || forbidden.get()
            on:click=move |_| on_click.run(())
        >
            {move || view! { <SignIcon sign=sign.get() /> }}
            <Show when=move || badge.get() != 0>
                <span class="control__badge" data-test="unread">
                    {move || badge.get()}
                    <span class="visually-hidden">" unread"</span>
                </span>
            </Show>
        </button>
    }
    .into_any()
}

/// The id of a control, so that the focus can go back to it.
pub fn control_id(test: &str) -> String {
    format!("control-{test}")
}

/// Mute and unmute; opens the microphone where it is off.
#[component]
pub fn MicrophoneButton() -> impl IntoView {
    let call = Call::here();
    let heard = Memo::new(move |_| call.heard());
    view! {
        <Control
            sign=Signal::derive(move || if heard.get() { Sign::Microphone } else { Sign::MicrophoneOff })
            name="Microphone"
            pressed=Signal::derive(move || heard.get())
            off=Signal::derive(move || !heard.get())
            disabled=Signal::derive(move || !call.ready.get() || call.microphone.get() == Device::Asking)
            forbidden=Signal::derive(move || !call.may_send(Source::Microphone))
            key="m"
            test="mute"
            on_click=Callback::new(move |()| call.ask(Command::ToggleMicrophone))
        />
    }
}

#[component]
pub fn CameraButton() -> impl IntoView {
    let call = Call::here();
    let on = Memo::new(move |_| call.camera.get() == Device::On);
    view! {
        <Control
            sign=Signal::derive(move || if on.get() { Sign::Camera } else { Sign::CameraOff })
            name="Camera"
            pressed=Signal::derive(move || on.get())
            off=Signal::derive(move || !on.get())
            disabled=Signal::derive(move || !call.ready.get() || call.camera.get() == Device::Asking)
            forbidden=Signal::derive(move || !on.get() && !call.may_send(Source::Camera))
            key="v"
            test="camera"
            on_click=Callback::new(move |()| call.ask(Command::ToggleCamera))
        />
    }
}

/// Opens and closes a side panel.
#[component]
fn PanelButton(
    panel: Panel,
    sign: Sign,
    name: &'static str,
    key: &'static str,
    test: &'static str,
    #[prop(optional, into)] badge: Signal<usize>,
) -> impl IntoView {
    let call = Call::here();
    view! {
        <Control
            sign=sign
            name=name
            pressed=Signal::derive(move || call.panel.get() == panel)
            badge=badge
            key=key
            test=test
            on_click=Callback::new(move |()| call.toggle_panel(panel))
        />
    }
}

/// The bar of buttons.
#[component]
pub fn Controls() -> impl IntoView {
    let call = Call::here();
    let ending = RwSignal::new(false);
    let unread = Memo::new(move |_| {
        let me = call.me();
        if call.panel.get() == Panel::Chat {
            0
        } else {
            call.chat.with(|log| log.unread(me))
        }
    });
    view! {
        <div class="controls" role="group" aria-label="Meeting">
            <Show when=move || call.publishes()>
                <MicrophoneButton />
                <CameraButton />
                <Show when=move || call.can_share.get()>
                <Control
                    sign=Signal::derive(move || if call.sharing.get() { Sign::ScreenOff } else { Sign::Screen })
                    name="Share screen"
                    pressed=Signal::derive(move || call.sharing.get())
                    forbidden=Signal::derive(move || !call.sharing.get() && !call.may_send(Source::Screen))
                    key="s"
                    test="share"
                    on_click=Callback::new(move |()| call.ask(Command::ToggleScreen))
                />
                </Show>
            </Show>
            <PanelButton panel=Panel::Chat sign=Sign::Chat name="Chat" key="c" test="chat-toggle" badge=Signal::derive(move || unread.get()) />
            <PanelButton panel=Panel::People sign=Sign::People name="People" key="p" test="people-toggle" />
            <PanelButton panel=Panel::Settings sign=Sign::Settings name="Devices" key="d" test="settings-toggle" />
            <PanelButton panel=Panel::Help sign=Sign::Help name="Help and keys" key="?" test="help-toggle" />
            <button
                type="button"
                class="button button--danger controls__leave"
                data-test="leave"
                on:click=move |_| call.ask(Command::Leave)
            >
                <SignIcon sign=Sign::Leave />
                <span>"Leave"</span>
            </button>
            <Show when=move || call.is_host()>
                <button
                    type="button"
                    class="button controls__end"
                    data-test="end"
                    on:click=move |_| ending.set(true)
                >
                    "End for everyone"
                </button>
                <EndDialog open=ending />
            </Show>
        </div>
    }
    .into_any()
}
