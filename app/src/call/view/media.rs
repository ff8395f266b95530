//! The elements that show a picture and play a sound. A script gives them their stream, which has no address.

use leptos::{html, prelude::*};

use crate::call::layout::StreamId;
#[cfg(feature = "hydrate")]
use crate::call::state::Call;

/// The picture of a stream; silent, as sound has its own element.
#[component]
pub fn Picture(
    id: StreamId,
    /// People know their own face from mirrors.
    #[prop(optional)]
    mirrored: bool,
    /// The description for people who do not see it.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let node = NodeRef::<html::Video>::new();
    let shape = RwSignal::new(None::<&'static str>);
    // The shape changes when somebody turns their phone.
    let measure = move || {
        #[cfg(feature = "hydrate")]
        if let Some(video) = node.get_untracked() {
            shape.set(crate::call::shape::shape(video.video_width(), video.video_height()));
        }
    };
    #[cfg(feature = "hydrate")]
    {
        let call = Call::here();
        Effect::new(move |_| {
            call.media.streams.with(|streams| streams.get(&id).copied());
            let stream = call.media.handles.with_value(|media| media.get(&id).cloned());
            if let Some(video) = node.get() {
                video.set_muted(true);
                video.set_src_object(stream.as_ref());
                if stream.is_some() {
                    play(&video, |_| {});
                }
            }
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
    view! {
        <video
            class="picture"
            class:picture--mirrored=mirrored
            node_ref=node
            autoplay
            playsinline
            muted
            disablepictureinpicture=mirrored
            data-ratio=move || shape.get()
            on:loadedmetadata=move |_| measure()
            on:resize=move |_| measure()
            aria-label=move || label.get()
        ></video>
    }
}

/// The sound of one participant. Where the browser blocks it until a click, a banner says so, and the click tries again.
#[component]
pub fn Sound(id: StreamId) -> impl IntoView {
    let node = NodeRef::<html::Audio>::new();
    #[cfg(feature = "hydrate")]
    {
        let call = Call::here();
        Effect::new(move |_| {
            call.media.streams.with(|streams| streams.get(&id).copied());
            let stream = call.media.handles.with_value(|media| media.get(&id).cloned());
            if let Some(audio) = node.get() {
                audio.set_src_object(stream.as_ref());
            }
        });
        Effect::new(move |_| {
            call.media.streams.with(|streams| streams.get(&id).copied());
            if !call.media.sound_blocked.get()
                && let Some(audio) = node.get()
            {
                play(&audio, move |error| {
                    // AbortError: a newer stream has replaced this one.
                    if error == "NotAllowedError" {
                        call.media.sound_blocked.set(true);
                    }
                });
            }
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
    view! { <audio node_ref=node autoplay></audio> }
}

/// Starts an element; `refused` gets the name of the browser's reason.
#[cfg(feature = "hydrate")]
fn play(element: &web_sys::HtmlMediaElement, refused: impl Fn(&str) + 'static) {
    use wasm_bindgen::JsCast;
    if let Ok(promise) = element.play() {
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(error) = wasm_bindgen_futures::JsFuture::from(promise).await
                && let Some(exception) = error.dyn_ref::<web_sys::DomException>()
            {
                refused(&exception.name());
            }
        });
    }
}
