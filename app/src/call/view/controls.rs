//! The buttons under the picture.

use anteroom_protocol::media::Source;
use leptos::prelude::*;

use super::{Sign, SignIcon, end::EndDialog};
use crate::call::state::{Call, Command, Device, Panel};

/// A round button with an icon, and under it the label, which is its name. The tooltip shows the key.
#[component]
fn Control(
    #[prop(into)] sign: Signal<Sign>,
    #[prop(into)] label: Signal<&'static str>,
    /// The state of a button whose label stays the same. Screen readers say it after the name.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// Shown as in use.
    #[prop(optional, into)]
    on: Signal<bool>,
    /// Shown as switched off: struck through and in the colour of warning.
    #[prop(optional, into)]
    off: Signal<bool>,
    /// The button leads out of the meeting.
    #[prop(optional)]
    leaves: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// The role in an external meeting forbids it; a sentence beside the picture says so, too.
    #[prop(optional, into)]
    forbidden: Signal<bool>,
    #[prop(optional, into)] badge: Signal<usize>,
    #[prop(optional)] key: &'static str,
    test: &'static str,
    on_click: Callback<()>,
) -> impl IntoView {
    let call = Call::here();
    let key = move || (call.preferences.keys.get() && !key.is_empty()).then_some(key);
    let title = move || match key() {
        _ if forbidden.get() => t!(guest::controls::forbidden { button: label.get() }),
        Some(key) => t!(guest::controls::with_key {
            button: label.get(),
            key
        }),
        None => label.get().to_owned(),
    };
    let bare = move || !call.preferences.labels.get();
    view! {
        <button
            type="button"
            class="control"
            class:control--on=move || on.get() || pressed.is_some_and(|pressed| pressed.get())
            class:control--off=move || off.get()
            class:control--leaves=leaves
            class:control--bare=bare
            id=control_id(test)
            data-test=test
            title=title
            aria-pressed=move || pressed.map(|pressed| pressed.get().to_string())
            aria-keyshortcuts=key
            disabled=move || disabled.get() || forbidden.get()
            on:click=move |_| on_click.run(())
        >
            <span class="control__disc">{move || view! { <SignIcon sign=sign.get() /> }}</span>
            <span class="control__label" class:visually-hidden=bare>
                {move || label.get()}
            </span>
            <Show when=move || badge.get() != 0>
                <span class="control__badge" data-test="unread">
                    // Read together with its word, with which it agrees.
                    <span aria-hidden="true">{move || badge.get()}</span>
                    <span class="visually-hidden">{move || t!(guest::controls::unread { count: badge.get() })}</span>
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
            label=Signal::derive(move || {
                if heard.get() {
                    t!(guest::controls::mute)
                } else {
                    t!(guest::controls::unmute)
                }
            })
            off=Signal::derive(move || !heard.get())
            disabled=Signal::derive(move || !call.ready.get() || call.devices.microphone.get() == Device::Asking)
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
    let on = Memo::new(move |_| call.devices.camera.get() == Device::On);
    view! {
        <Control
            sign=Signal::derive(move || if on.get() { Sign::Camera } else { Sign::CameraOff })
            label=Signal::derive(move || {
                if on.get() {
                    t!(guest::controls::stop_camera)
                } else {
                    t!(guest::controls::start_camera)
                }
            })
            off=Signal::derive(move || !on.get())
            disabled=Signal::derive(move || !call.ready.get() || call.devices.camera.get() == Device::Asking)
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
    label: &'static str,
    key: &'static str,
    test: &'static str,
    #[prop(optional, into)] badge: Signal<usize>,
) -> impl IntoView {
    let call = Call::here();
    view! {
        <Control
            sign=sign
            label=label
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
            call.chat.log.with(|log| log.unread(me))
        }
    });
    view! {
        <div class="controls" role="group" aria-label=t!(guest::controls::all)>
            <Show when=move || call.publishes()>
                <MicrophoneButton />
                <CameraButton />
                <Show when=move || call.devices.can_share.get()>
                    <Control
                        sign=Signal::derive(move || if call.devices.sharing.get() { Sign::ScreenOff } else { Sign::Screen })
                        label=Signal::derive(move || {
                            if call.devices.sharing.get() {
                                t!(guest::controls::stop_sharing)
                            } else {
                                t!(guest::controls::share_screen)
                            }
                        })
                        on=call.devices.sharing
                        forbidden=Signal::derive(move || !call.devices.sharing.get() && !call.may_send(Source::Screen))
                        key="s"
                        test="share"
                        on_click=Callback::new(move |()| call.ask(Command::ToggleScreen))
                    />
                </Show>
            </Show>
            <PanelButton
                panel=Panel::Chat
                sign=Sign::Chat
                label=t!(guest::controls::chat)
                key="c"
                test="chat-toggle"
                badge=Signal::derive(move || unread.get())
            />
            <PanelButton panel=Panel::People sign=Sign::People label=t!(guest::controls::people) key="p" test="people-toggle" />
            <PanelButton panel=Panel::Settings sign=Sign::Settings label=t!(guest::controls::devices) key="d" test="settings-toggle" />
            <PanelButton panel=Panel::Help sign=Sign::Help label=t!(guest::controls::help) key="?" test="help-toggle" />
            <Control
                sign=Sign::Leave
                label=t!(guest::controls::leave)
                leaves=true
                test="leave"
                on_click=Callback::new(move |()| call.ask(Command::Leave))
            />
            <Show when=move || call.is_host()>
                <button
                    type="button"
                    class="button controls__end"
                    data-test="end"
                    on:click=move |_| ending.set(true)
                >
                    {t!(guest::controls::end)}
                </button>
                <EndDialog open=ending />
            </Show>
        </div>
    }
    .into_any()
}
