use anteroom_domain::visit::Role;
use leptos::{context::Provider, prelude::*};

use super::{
    layout::StreamId,
    state::{Call, Command, Device},
    view::{DeviceSettings, DeviceTroubles, Picture, Sign, SignIcon, SpeakerTest, WithoutScript},
};

/// Tries out camera, microphone, speaker and the way to the server before the day, with results in words. Sends nothing to
/// anybody. One a page, and not beside a [`super::Meeting`].
#[component]
pub fn DeviceCheck() -> impl IntoView {
    let call = Call::new(Role::Guest);
    let server = RwSignal::new(ServerReach::default());
    #[cfg(feature = "hydrate")]
    {
        let running = StoredValue::new_local(None);
        Effect::new(move |_| {
            running.set_value(Some(super::driver::start(super::driver::Start {
                call,
                join: super::Join::new(|_| async { Err(String::new()) }),
                heading: String::new(),
                storage_key: "device-check".into(),
                title: crate::components::TitleNote::default(),
                admits: false,
            })));
            wasm_bindgen_futures::spawn_local(async move {
                let reached = super::browser::reach::server().await;
                // The page may have been left meanwhile.
                let _left = server.try_set(if reached {
                    ServerReach::Works
                } else {
                    ServerReach::Fails
                });
            });
        });
    }
    // Once heard is enough: people need not keep talking.
    let heard = Memo::new(move |before: Option<&bool>| before == Some(&true) || call.devices.level.get() >= HEARD);
    let idle = move || {
        matches!(call.devices.camera.get(), Device::Off) && matches!(call.devices.microphone.get(), Device::Off)
    };
    let asking = move || call.devices.camera.get() == Device::Asking || call.devices.microphone.get() == Device::Asking;
    view! {
        <Provider value=call>
            <div class="device-check" data-test="device-check">
                <div class="preview">
                    <Show
                        when=move || call.devices.camera.get() == Device::On
                        fallback=|| view! { <div class="preview__off"><span>{t!(guest::media::camera_off)}</span></div> }
                    >
                        <Picture id=StreamId::OwnCamera mirrored=true label=t!(guest::media::own_camera) />
                    </Show>
                </div>
                <div class="device-check__side">
                    <WithoutScript text=t!(guest::device::needs_javascript) />
                    <ul class="device-check__results" aria-live="polite">
                        <Outcome
                            what=t!(guest::device::browser)
                            result=Signal::derive(move || browser_result(call.ready.get(), call.can_meet.get()))
                        />
                        <Outcome what=t!(guest::device::connection) result=Signal::derive(move || server.get().result()) />
                        <Outcome what=t!(guest::device::camera) result=Signal::derive(move || camera_result(call.devices.camera.get())) />
                        <Outcome
                            what=t!(guest::device::microphone)
                            result=Signal::derive(move || microphone_result(call.devices.microphone.get(), heard.get()))
                        />
                    </ul>
                    <DeviceTroubles />
                    <Show when=move || idle() || call.devices.camera.get().error().is_some() || call.devices.microphone.get().error().is_some()>
                        <p>
                            <button
                                type="button"
                                class="button button--primary needs-start"
                                data-test="device-check-start"
                                disabled=move || !call.ready.get() || asking()
                                on:click=move |_| call.ask(Command::OpenDevices { microphone: true, camera: true })
                            >
                                <SignIcon sign=Sign::Camera />
                                {t!(guest::media::turn_on)}
                            </button>
                        </p>
                    </Show>
                    <Show
                        when=move || call.devices.microphone.get() == Device::On || call.devices.camera.get() == Device::On
                        fallback=|| view! { <SpeakerTest /> }
                    >
                        <DeviceSettings />
                    </Show>
                </div>
            </div>
        </Provider>
    }
    .into_any()
}

/// A level that ordinary speech passes and a quiet room does not.
const HEARD: u8 = 20;

/// Can this network reach the meeting's server?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ServerReach {
    #[default]
    Trying,
    Works,
    Fails,
}

/// The result of one part of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CheckResult {
    Open(&'static str),
    Good(&'static str),
    Bad(&'static str),
}

impl ServerReach {
    fn result(self) -> CheckResult {
        match self {
            ServerReach::Trying => CheckResult::Open(t!(guest::device::being_tried)),
            ServerReach::Works => CheckResult::Good(t!(guest::device::server_reached)),
            ServerReach::Fails => CheckResult::Bad(t!(guest::device::server_not_reached)),
        }
    }
}

fn browser_result(known: bool, can_meet: bool) -> CheckResult {
    match (known, can_meet) {
        (false, _) => CheckResult::Open(t!(guest::device::being_looked_at)),
        (true, true) => CheckResult::Good(t!(guest::device::browser_works)),
        (true, false) => CheckResult::Bad(super::messages::cant_meet(false)),
    }
}

fn camera_result(camera: Device) -> CheckResult {
    match camera {
        Device::Off => CheckResult::Open(t!(guest::device::not_tried)),
        Device::Asking => CheckResult::Open(t!(guest::device::asking)),
        Device::On => CheckResult::Good(t!(guest::device::camera_works)),
        Device::Failed(_) => CheckResult::Bad(t!(guest::device::does_not_work)),
    }
}

fn microphone_result(microphone: Device, heard: bool) -> CheckResult {
    match microphone {
        Device::Off => CheckResult::Open(t!(guest::device::not_tried)),
        Device::Asking => CheckResult::Open(t!(guest::device::asking)),
        Device::On if heard => CheckResult::Good(t!(guest::device::microphone_works)),
        Device::On => CheckResult::Open(t!(guest::device::microphone_on)),
        Device::Failed(_) => CheckResult::Bad(t!(guest::device::does_not_work)),
    }
}

#[component]
fn Outcome(what: &'static str, result: Signal<CheckResult>) -> impl IntoView {
    let class = move || match result.get() {
        CheckResult::Open(_) => "outcome",
        CheckResult::Good(_) => "outcome outcome--good",
        CheckResult::Bad(_) => "outcome outcome--bad",
    };
    let text = move || match result.get() {
        CheckResult::Open(text) | CheckResult::Good(text) | CheckResult::Bad(text) => text,
    };
    view! {
        <li class=class data-test="outcome">
            {t_view!(guest::device::outcome { what: view! { <strong>{what}</strong> }, result: view! { <span>{text}</span> } })}
        </li>
    }
}
