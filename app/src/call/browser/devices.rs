//! Cameras, microphones and screens.

use anteroom_protocol::media::Source;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DisplayMediaStreamConstraints, DomException, MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};

use crate::call::{device_error::DeviceError, state::DeviceChoice};

/// Another handle on the same track. (`track.clone()` would call JavaScript's `clone`, which makes a second track that
/// keeps the device open.)
pub fn same<T: Clone>(handle: &T) -> T {
    <T as Clone>::clone(handle)
}

/// A device to open.
#[derive(Clone, Debug)]
pub struct Wish {
    pub source: Source,
    /// The chosen device; None: the browser's default.
    pub device: Option<String>,
}

/// The result of one wish.
pub struct Opened {
    pub source: Source,
    pub track: Result<MediaStreamTrack, DeviceError>,
}

/// Opens devices, with one question for all of them. If that fails for another reason than a refusal, opens each alone: a
/// broken camera must not cost the microphone.
pub async fn open(wishes: &[Wish]) -> Vec<Opened> {
    match ask(wishes).await {
        Ok(stream) => wishes
            .iter()
            .map(|wish| Opened {
                source: wish.source,
                track: track_of(&stream, wish.source).ok_or(DeviceError::Missing),
            })
            .collect(),
        Err(DeviceError::Insecure) => wishes
            .iter()
            .map(|wish| Opened {
                source: wish.source,
                track: Err(DeviceError::Insecure),
            })
            .collect(),
        Err(DeviceError::Refused) => {
            // A blocked device refuses both. The other one opens if it is allowed already; asking for it alone would be a
            // second question right after a "no".
            let mut opened = Vec::new();
            for wish in wishes {
                let allowed = wishes.len() > 1 && granted(wish.source).await;
                let track = if allowed {
                    open_one(wish).await
                } else {
                    Err(DeviceError::Refused)
                };
                opened.push(Opened {
                    source: wish.source,
                    track,
                });
            }
            opened
        }
        Err(_) => {
            let mut opened = Vec::new();
            for wish in wishes {
                opened.push(Opened {
                    source: wish.source,
                    track: open_one(wish).await,
                });
            }
            opened
        }
    }
}

/// Opens one device; a chosen device that is gone falls back to the default one.
async fn open_one(wish: &Wish) -> Result<MediaStreamTrack, DeviceError> {
    let mut outcome = ask(std::slice::from_ref(wish)).await;
    if outcome.is_err() && wish.device.is_some() {
        outcome = ask(&[Wish {
            source: wish.source,
            device: None,
        }])
        .await;
    }
    track_of(&outcome?, wish.source).ok_or(DeviceError::Missing)
}

async fn ask(wishes: &[Wish]) -> Result<MediaStream, DeviceError> {
    let constraints = MediaStreamConstraints::new();
    for wish in wishes {
        match wish.source {
            Source::Microphone => constraints.set_audio(&microphone_constraints(wish.device.as_deref())),
            Source::Camera => constraints.set_video(&camera_constraints(wish.device.as_deref())),
            Source::Screen => {}
        }
    }
    let promise = media_devices()?
        .get_user_media_with_constraints(&constraints)
        .map_err(|error| device_error(&error))?;
    let stream = JsFuture::from(promise).await.map_err(|error| device_error(&error))?;
    stream.dyn_into().map_err(|_| DeviceError::Other)
}

/// Can this browser share a screen? Phones' browsers have no such function.
pub fn can_share() -> bool {
    media_devices().is_ok_and(|devices| Reflect::has(&devices, &"getDisplayMedia".into()).unwrap_or(false))
}

/// Asks for a screen; only right after a click.
pub async fn open_screen() -> Result<MediaStreamTrack, DeviceError> {
    let constraints = DisplayMediaStreamConstraints::new();
    let frame_rate = object([("max", &15.into())]);
    constraints.set_video(&object([("frameRate", frame_rate.as_ref())]));
    let devices = media_devices()?;
    if !can_share() {
        return Err(DeviceError::Unsupported);
    }
    let promise = devices
        .get_display_media_with_constraints(&constraints)
        .map_err(|error| device_error(&error))?;
    let stream: MediaStream = JsFuture::from(promise)
        .await
        .map_err(|error| device_error(&error))?
        .dyn_into()
        .map_err(|_| DeviceError::Other)?;
    let track = track_of(&stream, Source::Screen).ok_or(DeviceError::Other)?;
    // Fewer frames rather than fewer pixels: text must stay readable.
    let _hint_unknown = Reflect::set(&track, &"contentHint".into(), &"detail".into());
    Ok(track)
}

/// This machine's devices: (microphones, cameras). Labels are empty until a permission was given.
pub async fn list() -> (Vec<DeviceChoice>, Vec<DeviceChoice>) {
    let mut microphones = Vec::new();
    let mut cameras = Vec::new();
    if let Ok(devices) = media_devices()
        && let Ok(promise) = devices.enumerate_devices()
        && let Ok(list) = JsFuture::from(promise).await
    {
        for info in Array::from(&list).iter() {
            let Ok(info) = info.dyn_into::<MediaDeviceInfo>() else {
                continue;
            };
            let kind = info.kind();
            let into = match kind {
                MediaDeviceKind::Audioinput => &mut microphones,
                MediaDeviceKind::Videoinput => &mut cameras,
                _ => continue,
            };
            let number = into.len() + 1;
            let label = match info.label() {
                label if !label.is_empty() => label,
                _ if kind == MediaDeviceKind::Audioinput => t!(guest::device::microphone_number { number }),
                _ => t!(guest::device::camera_number { number }),
            };
            if !info.device_id().is_empty() {
                into.push(DeviceChoice {
                    id: info.device_id(),
                    label,
                });
            }
        }
    }
    (microphones, cameras)
}

/// Has the person already allowed this device on this site? Then it opens without a question.
pub async fn granted(source: Source) -> bool {
    let name = match source {
        Source::Microphone => "microphone",
        Source::Camera => "camera",
        Source::Screen => return false,
    };
    let query = || {
        let permissions = web_sys::window()?.navigator().permissions().ok()?;
        if permissions.is_undefined() {
            return None;
        }
        permissions.query(&object([("name", &name.into())])).ok()
    };
    // A browser that does not know this name answers with an error: then the page waits for the click.
    let Some(promise) = query() else { return false };
    let Ok(status) = JsFuture::from(promise).await else {
        return false;
    };
    Reflect::get(&status, &"state".into()).is_ok_and(|state| state == "granted")
}

/// The device behind a track.
pub fn device_of(track: &MediaStreamTrack) -> Option<String> {
    Reflect::get(&track.get_settings(), &"deviceId".into())
        .ok()?
        .as_string()
        .filter(|id| !id.is_empty())
}

/// A stream of one track, for an element.
pub fn stream_of(track: &MediaStreamTrack) -> Option<MediaStream> {
    let stream = MediaStream::new().ok()?;
    stream.add_track(track);
    Some(stream)
}

fn track_of(stream: &MediaStream, source: Source) -> Option<MediaStreamTrack> {
    let tracks = if source == Source::Microphone {
        stream.get_audio_tracks()
    } else {
        stream.get_video_tracks()
    };
    tracks.get(0).dyn_into().ok()
}

fn media_devices() -> Result<MediaDevices, DeviceError> {
    let window = web_sys::window().ok_or(DeviceError::Other)?;
    if !window.is_secure_context() {
        return Err(DeviceError::Insecure);
    }
    let devices = window
        .navigator()
        .media_devices()
        .map_err(|_| DeviceError::Unsupported)?;
    if devices.is_undefined() {
        Err(DeviceError::Unsupported)
    } else {
        Ok(devices)
    }
}

fn device_error(error: &JsValue) -> DeviceError {
    match error.dyn_ref::<DomException>() {
        Some(exception) => DeviceError::from_name(&exception.name()),
        None if error.is_instance_of::<js_sys::TypeError>() => DeviceError::Unsupported,
        // OverconstrainedError is no DOMException everywhere, but has a name.
        None => Reflect::get(error, &"name".into())
            .ok()
            .and_then(|name| name.as_string())
            .map_or(DeviceError::Other, |name| DeviceError::from_name(&name)),
    }
}

fn microphone_constraints(device: Option<&str>) -> JsValue {
    with_device(
        &[("echoCancellation", true.into()), ("noiseSuppression", true.into())],
        device,
    )
}

/// 720p is what a tile of a desk shows; the engine steps down from there where the network asks for it.
fn camera_constraints(device: Option<&str>) -> JsValue {
    let ideal = |value: u32| -> JsValue { object([("ideal", &value.into())]).into() };
    with_device(
        &[
            ("width", ideal(1280)),
            ("height", ideal(720)),
            ("frameRate", ideal(30)),
            ("facingMode", "user".into()),
        ],
        device,
    )
}

fn with_device(fields: &[(&str, JsValue)], device: Option<&str>) -> JsValue {
    let constraints = object(fields.iter().map(|(name, value)| (*name, value)));
    if let Some(device) = device {
        // The chosen device and no other: facingMode would pull towards another camera.
        let _plain = Reflect::delete_property(&constraints, &"facingMode".into());
        set(&constraints, "deviceId", &object([("exact", &device.into())]));
    }
    constraints.into()
}

fn object<'a>(fields: impl IntoIterator<Item = (&'a str, &'a JsValue)>) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a field of a fresh plain object cannot fail.
    let _always = Reflect::set(object, &name.into(), value);
}
