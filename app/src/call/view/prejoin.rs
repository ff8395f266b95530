use anteroom_domain::organisation::Consent;
use leptos::prelude::*;

use super::{
    Picture, Sign, SignIcon, WithoutScript,
    focus::focus_soon,
    settings::{DeviceSettings, DeviceTroubles},
};
use crate::call::{
    layout::{StreamId, initials},
    stage::CallStage,
    state::{Call, Command, Device},
};
use crate::components::{Notice, Tone};

/// The longest name that a tile and a list can show; the server has a limit of its own.
const NAME_CHARS: &str = "80";

const PREJOIN_TITLE: &str = "prejoin-title";

/// Name and devices, before anything is sent.
#[component]
pub fn Prejoin(heading: String, name: String, name_editable: bool, consent: Option<Consent>) -> impl IntoView {
    let call = Call::here();
    let typed = RwSignal::new(name);
    let name_missing = RwSignal::new(false);
    let version = consent.as_ref().map(|consent| consent.id);
    let agreed = RwSignal::new(false);
    let consent_missing = RwSignal::new(false);
    let notice = move || {
        call.stage.with(|stage| {
            if let CallStage::Prejoin { notice } = stage {
                notice.clone()
            } else {
                None
            }
        })
    };
    // A person who comes back to the form starts at its top. Opening the page moves no focus.
    Effect::new(move |_| {
        if untrack(notice).is_some() {
            focus_soon(PREJOIN_TITLE);
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = typed.get_untracked().trim().to_owned();
        if name.is_empty() {
            name_missing.set(true);
        }
        if version.is_some() && !agreed.get_untracked() {
            consent_missing.set(true);
        }
        if !call.can_meet.get_untracked() || name_missing.get_untracked() || consent_missing.get_untracked() {
            return;
        }
        call.ask(Command::Join { name, consent: version });
    };
    view! {
        <div class="prejoin" data-test="prejoin">
            <Show when=move || call.publishes() && call.can_meet.get()>
                <Preview typed />
            </Show>
            <div class="prejoin__side">
                <h1 class="prejoin__heading" id=PREJOIN_TITLE tabindex="-1">
                    {heading}
                </h1>
                {move || {
                    notice()
                        .map(|sentence| {
                            view! {
                                <p class="prejoin__notice" role="alert" data-test="prejoin-notice">
                                    {sentence}
                                </p>
                            }
                        })
                }}
                <WithoutScript text=t!(guest::prejoin::needs_javascript) />
                <Show when=move || !call.can_meet.get()>
                    <CantMeet host=call.is_host() />
                </Show>
                <form class="prejoin__form needs-start" hidden=move || !call.can_meet.get() method="post" novalidate on:submit=submit>
                    <div class="field" class:field--invalid=move || name_missing.get()>
                        <label class="field__label" for="prejoin-name">
                            {t!(guest::prejoin::name)}
                        </label>
                        <p class="field__hint" id="prejoin-name-hint">
                            {t!(guest::prejoin::name_hint)}
                        </p>
                        <input
                            class="field__control"
                            id="prejoin-name"
                            data-test="prejoin-name"
                            type="text"
                            autocomplete="name"
                            maxlength=NAME_CHARS
                            readonly=!name_editable
                            aria-describedby="prejoin-name-hint prejoin-name-error"
                            aria-invalid=move || name_missing.get().then_some("true")
                            prop:value=move || typed.get()
                            value=typed.get_untracked()
                            on:input=move |event| {
                                typed.set(event_target_value(&event));
                                name_missing.set(false);
                            }
                        />
                        <p class="field__error" id="prejoin-name-error" role="alert">
                            {move || name_missing.get().then(|| t!(guest::prejoin::name_missing))}
                        </p>
                    </div>
                    <Show
                        when=move || call.publishes()
                        fallback=|| {
                            view! {
                                <p class="prejoin__about">
                                    {t!(guest::prejoin::viewer)}
                                </p>
                                <super::SpeakerTest />
                            }
                        }
                    >
                        <Devices />
                    </Show>
                    {consent.map(|consent| view! { <Agreement text=consent.text agreed missing=consent_missing /> })}
                    <button
                        class="button button--primary button--large prejoin__join"
                        type="submit"
                        data-test="prejoin-join"
                        data-with=move || joins_with(call)
                        disabled=move || !call.ready.get()
                    >
                        {move || join_label(call)}
                    </button>
                </form>
            </div>
        </div>
    }
    .into_any()
}

/// Takes the place of the form, before anybody waits for a person who can't be seen or heard.
#[component]
fn CantMeet(host: bool) -> impl IntoView {
    view! {
        <div role="alert" data-test="cant-meet">
            <Notice tone=Tone::Warning title=t!(guest::prejoin::cant_meet)>
                {super::super::messages::cant_meet(host)}
            </Notice>
        </div>
    }
}

/// The text that a service asks its guests to agree to, and the box to tick.
#[component]
fn Agreement(text: String, agreed: RwSignal<bool>, missing: RwSignal<bool>) -> impl IntoView {
    view! {
        <div class="field prejoin__consent" class:field--invalid=move || missing.get() data-test="prejoin-consent">
            <p class="prejoin__consent-text prewrap" id="prejoin-consent-text" tabindex="0">
                {text}
            </p>
            <p class="field__error" id="prejoin-consent-error" role="alert">
                {move || missing.get().then(|| t!(guest::prejoin::agree_missing))}
            </p>
            <div class="checkbox">
                <input
                    class="checkbox__box"
                    type="checkbox"
                    id="prejoin-agree"
                    data-test="prejoin-agree"
                    aria-describedby="prejoin-consent-text prejoin-consent-error"
                    aria-invalid=move || missing.get().then_some("true")
                    on:change=move |event| {
                        agreed.set(event_target_checked(&event));
                        missing.set(false);
                    }
                />
                <label class="checkbox__label" for="prejoin-agree">
                    {t!(guest::prejoin::agree)}
                </label>
            </div>
        </div>
    }
    .into_any()
}

/// Says what joining now means, so that nobody is on air or mute by surprise.
fn join_label(call: Call) -> &'static str {
    if !call.ready.get() {
        return t!(guest::prejoin::getting_ready);
    }
    let camera = call.devices.camera.get() == Device::On;
    match (call.publishes(), call.heard(), camera) {
        (false, ..) => t!(guest::prejoin::join),
        (true, true, true) => t!(guest::prejoin::join_with_both),
        (true, true, false) => t!(guest::prejoin::join_with_sound),
        (true, false, true) => t!(guest::prejoin::join_with_camera),
        (true, false, false) if call.devices.microphone.get() == Device::On => t!(guest::prejoin::join_muted),
        (true, false, false) => t!(guest::prejoin::join_with_neither),
    }
}

/// What goes along, in a word that does not change with the language.
fn joins_with(call: Call) -> &'static str {
    match (call.heard(), call.devices.camera.get() == Device::On) {
        (true, true) => "both",
        (true, false) => "sound",
        (false, true) => "camera",
        (false, false) => "neither",
    }
}

/// The devices: off until the person turns them on, or the choices.
#[component]
fn Devices() -> impl IntoView {
    let call = Call::here();
    let untouched =
        Memo::new(move |_| call.devices.microphone.get() == Device::Off && call.devices.camera.get() == Device::Off);
    let any_on =
        Memo::new(move |_| call.devices.microphone.get() == Device::On || call.devices.camera.get() == Device::On);
    let asking = move || call.devices.microphone.get() == Device::Asking || call.devices.camera.get() == Device::Asking;
    let open = move |microphone, camera| call.ask(Command::OpenDevices { microphone, camera });
    view! {
        <div class="prejoin__devices">
            <DeviceTroubles />
            <Show
                when=move || any_on.get()
                fallback=move || {
                    view! {
                        <p class="prejoin__about">
                            {move || {
                                if asking() {
                                    t!(guest::prejoin::asking)
                                } else if untouched.get() {
                                    t!(guest::prejoin::will_ask)
                                } else {
                                    t!(guest::prejoin::try_again)
                                }
                            }}
                        </p>
                        <p class="prejoin__enable">
                            <button
                                type="button"
                                class="button"
                                data-test="prejoin-enable"
                                disabled=move || !call.ready.get() || asking()
                                on:click=move |_| open(true, true)
                            >
                                <SignIcon sign=Sign::Camera />
                                {t!(guest::media::turn_on)}
                            </button>
                            <button
                                type="button"
                                class="button button--quiet"
                                data-test="prejoin-enable-microphone"
                                disabled=move || !call.ready.get() || asking()
                                on:click=move |_| open(true, false)
                            >
                                {t!(guest::prejoin::microphone_only)}
                            </button>
                        </p>
                    }
                }
            >
                <DeviceSettings />
            </Show>
        </div>
    }
    .into_any()
}

/// The own picture as the others will see it, with a switch for each device.
#[component]
fn Preview(typed: RwSignal<String>) -> impl IntoView {
    let call = Call::here();
    let live = Memo::new(move |_| call.devices.camera.get() == Device::On);
    view! {
        <div class="preview">
            <Show
                when=move || live.get()
                fallback=move || {
                    view! {
                        <div class="preview__off">
                            <span class="avatar" aria-hidden="true">
                                {move || typed.with(|name| initials(name))}
                            </span>
                            <span>{t!(guest::media::camera_off)}</span>
                        </div>
                    }
                }
            >
                <Picture id=StreamId::OwnCamera mirrored=true label=t!(guest::prejoin::own_camera) />
            </Show>
            <div class="preview__switches">
                <super::controls::MicrophoneButton />
                <super::controls::CameraButton />
            </div>
        </div>
    }
    .into_any()
}
