//! Choosing devices: in the pre-join screen and in the call's side panel.

use anteroom_protocol::media::Source;
use leptos::prelude::*;

use super::{Sign, SignIcon, switch::Switch};
use crate::call::{
    device_error::advise,
    state::{Call, Command, Device, DeviceChoice},
};

/// A list of devices of one kind.
#[component]
fn DeviceSelect(
    source: Source,
    choices: RwSignal<Vec<DeviceChoice>>,
    chosen: RwSignal<Option<String>>,
) -> impl IntoView {
    let call = Call::here();
    let (id, label) = match source {
        Source::Microphone => ("device-microphone", t!(guest::device::microphone)),
        _ => ("device-camera", t!(guest::device::camera)),
    };
    let choose = move |id: String| {
        call.ask(if source == Source::Microphone {
            Command::ChooseMicrophone(id)
        } else {
            Command::ChooseCamera(id)
        });
    };
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {label}
            </label>
            <select
                class="field__control field__control--select"
                id=id
                on:change=move |event| choose(event_target_value(&event))
                disabled=move || call.device(source) == Device::Asking
            >
                <For each=move || choices.get() key=|choice| choice.clone() let:choice>
                    {
                        let id = choice.id.clone();
                        view! {
                            <option value=choice.id prop:selected=move || chosen.get().as_ref() == Some(&id)>
                                {choice.label}
                            </option>
                        }
                    }
                </For>
            </select>
        </div>
    }
    .into_any()
}

/// Camera and microphone lists, the level meter and the speaker test.
#[component]
pub fn DeviceSettings() -> impl IntoView {
    let call = Call::here();
    view! {
        <div class="device-settings">
            <Show when=move || !call.devices.microphones.with(Vec::is_empty)>
                <DeviceSelect source=Source::Microphone choices=call.devices.microphones chosen=call.devices.chosen_microphone />
            </Show>
            <Show when=move || call.devices.microphone.get() == Device::On>
                <LevelMeter />
            </Show>
            <Show when=move || !call.devices.cameras.with(Vec::is_empty)>
                <DeviceSelect source=Source::Camera choices=call.devices.cameras chosen=call.devices.chosen_camera />
            </Show>
            <SpeakerTest />
        </div>
    }
    .into_any()
}

/// The switch for the labels under the buttons.
#[component]
pub fn LabelsSwitch() -> impl IntoView {
    let call = Call::here();
    view! { <Switch on=call.preferences.labels set=Command::ShowLabels test="labels" label=t!(guest::settings::labels) /> }
}

/// The bar that moves when the person speaks.
#[component]
pub fn LevelMeter() -> impl IntoView {
    let call = Call::here();
    view! {
        <div class="level">
            <label class="level__label" for="microphone-level">
                {t!(guest::settings::level)}
            </label>
            <meter class="level__bar" id="microphone-level" min="0" max="100" prop:value=move || f64::from(call.devices.level.get())></meter>
        </div>
    }
}

/// Plays two tones.
#[component]
pub fn SpeakerTest() -> impl IntoView {
    let call = Call::here();
    view! {
        <p class="speaker-test">
            <button
                type="button"
                class="button button--quiet"
                data-test="speaker-test"
                disabled=move || !call.ready.get()
                on:click=move |_| call.ask(Command::TestSpeaker)
            >
                <SignIcon sign=Sign::Speaker />
                {t!(guest::settings::test_sound)}
            </button>
            <span aria-live="polite">
                {move || call.devices.speaker_testing.get().then(|| t!(guest::settings::test_sound_plays))}
            </span>
        </p>
    }
    .into_any()
}

/// Advice on the devices that failed. Where both failed for one reason, one sentence says so.
#[component]
pub fn DeviceTroubles() -> impl IntoView {
    let call = Call::here();
    let advice = Memo::new(move |_| advise(call.devices.microphone.get().error(), call.devices.camera.get().error()));
    move || {
        let advice = advice.get().into_iter().map(|sentence| {
            view! {
                <p class="device-trouble" role="alert" data-test="device-trouble">
                    {sentence}
                </p>
            }
        });
        advice.collect_view()
    }
}
