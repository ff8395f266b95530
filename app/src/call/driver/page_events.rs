//! Events of the window and the document, and the tenth-of-a-second clock.

use futures::channel::mpsc::UnboundedSender;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::EventTarget;

use super::Input;
use super::local_media::DeviceEvent;
use crate::call::browser::devices::same;

/// A listener of the window or the document; dropping it takes it off.
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _was_there = self
            .target
            .remove_event_listener_with_callback(self.name, self.closure.as_ref().unchecked_ref());
    }
}

pub fn listen(inbox: &UnboundedSender<Input>) -> Vec<Listener> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let mut listeners = Vec::new();
    let mut on = |target: EventTarget, name: &'static str, input: fn() -> Option<Input>| {
        let inbox = inbox.clone();
        let closure = Closure::<dyn FnMut()>::new(move || {
            if let Some(input) = input() {
                let _over = inbox.unbounded_send(input);
            }
        });
        if target
            .add_event_listener_with_callback(name, closure.as_ref().unchecked_ref())
            .is_ok()
        {
            listeners.push(Listener { target, name, closure });
        }
    };
    on(same(window.as_ref()), "online", || Some(Input::Online));
    if let Some(document) = window.document() {
        on(document.into(), "visibilitychange", || {
            let hidden = web_sys::window()?.document()?.hidden();
            (!hidden).then_some(Input::Visible)
        });
    }
    if let Ok(devices) = window.navigator().media_devices()
        && !devices.is_undefined()
    {
        on(devices.into(), "devicechange", || {
            Some(Input::Device(DeviceEvent::Changed))
        });
    }

    // It ends with the driver.
    let ticks = inbox.clone();
    spawn_local(async move {
        while ticks.unbounded_send(Input::Tick).is_ok() {
            TimeoutFuture::new(100).await;
        }
    });
    listeners
}
