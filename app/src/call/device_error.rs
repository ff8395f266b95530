//! Errors of cameras and microphones, and what a person can do about them.

use anteroom_protocol::media::Source;

/// Why a device did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceError {
    /// Not https: browsers give no devices to such a page.
    Insecure,
    /// The person, the browser's settings or the system said no.
    Refused,
    /// This machine has no such device.
    Missing,
    /// Another program has it, or the system failed to open it.
    Busy,
    /// This browser has no such function (screen sharing on phones).
    Unsupported,
    Other,
}

impl DeviceError {
    /// By the name of the `DOMException`, which is stable where its message is not.
    pub fn from_name(name: &str) -> Self {
        match name {
            "NotAllowedError" | "PermissionDeniedError" => DeviceError::Refused,
            // OverconstrainedError: the remembered device was unplugged.
            "NotFoundError" | "DevicesNotFoundError" | "OverconstrainedError" => DeviceError::Missing,
            "NotReadableError" | "TrackStartError" | "AbortError" => DeviceError::Busy,
            "SecurityError" => DeviceError::Insecure,
            "TypeError" | "NotSupportedError" => DeviceError::Unsupported,
            _ => DeviceError::Other,
        }
    }

    /// One or two sentences: the error, and what to do now. Joining without the device is always possible.
    pub fn advice(self, source: Source) -> &'static str {
        use Source::{Camera, Microphone, Screen};
        match (self, source) {
            (DeviceError::Insecure, _) => {
                "This page was not opened over a secure connection (https), so the browser keeps the devices shut. \
                 Open the link exactly as you received it, or join without them and listen."
            }
            (DeviceError::Refused, Microphone) => {
                "The browser was told not to use the microphone. Allow it for this page, with the symbol beside the address, \
                 and try again. You can also join without it and listen."
            }
            (DeviceError::Refused, Camera) => {
                "The browser was told not to use the camera. Allow it for this page, with the symbol beside the address, and \
                 try again. You can also join without a picture."
            }
            (DeviceError::Refused, Screen) => {
                "Nothing is shared. Choose “Share screen” again if you did not mean to cancel."
            }
            (DeviceError::Missing, Microphone) => {
                "No microphone was found. Connect one, or a headset, and try again. You can also join without it and listen."
            }
            (DeviceError::Missing, Camera) => {
                "No camera was found. Connect one and try again. You can also join without a picture."
            }
            (DeviceError::Busy, Microphone) => {
                "The microphone is in use by another program. Close it (another meeting, perhaps) and try again."
            }
            (DeviceError::Busy, Camera) => {
                "The camera is in use by another program. Close it (another meeting, perhaps) and try again."
            }
            (DeviceError::Unsupported, Screen) => "This browser cannot share a screen. On a computer it can.",
            (_, Microphone) => {
                "The microphone could not be started. Unplug and reconnect it, or restart the browser. You can also join \
                 without it and listen."
            }
            (_, Camera) => {
                "The camera could not be started. Unplug and reconnect it, or restart the browser. You can also join \
                 without a picture."
            }
            (_, Screen) => "The screen could not be shared. Try again, or choose a single window.",
        }
    }
}

/// Advice on both devices: one sentence where both failed for one reason, as after a refusal.
pub fn advise(microphone: Option<DeviceError>, camera: Option<DeviceError>) -> Vec<&'static str> {
    match (microphone, camera) {
        (Some(DeviceError::Insecure), Some(DeviceError::Insecure)) => {
            vec![DeviceError::Insecure.advice(Source::Microphone)]
        }
        (Some(DeviceError::Refused), Some(DeviceError::Refused)) => vec![
            "The browser was told not to use the microphone and the camera. Allow both for this page, with the symbol beside \
             the address, and try again. You can also join without them and listen.",
        ],
        (Some(DeviceError::Missing), Some(DeviceError::Missing)) => vec![
            "No microphone and no camera were found. Connect them, or a headset, and try again. You can also join without \
             them and listen.",
        ],
        _ => {
            let of = |error: Option<DeviceError>, source| error.map(|error| error.advice(source));
            [of(microphone, Source::Microphone), of(camera, Source::Camera)]
                .into_iter()
                .flatten()
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reason_for_both_devices_is_told_once() {
        for error in [DeviceError::Insecure, DeviceError::Refused, DeviceError::Missing] {
            assert_eq!(advise(Some(error), Some(error)).len(), 1, "{error:?}");
        }
        assert_eq!(
            advise(Some(DeviceError::Busy), Some(DeviceError::Refused)),
            [
                DeviceError::Busy.advice(Source::Microphone),
                DeviceError::Refused.advice(Source::Camera)
            ]
        );
        assert_eq!(
            advise(None, Some(DeviceError::Missing)),
            [DeviceError::Missing.advice(Source::Camera)]
        );
        assert!(advise(None, None).is_empty());
    }

    #[test]
    fn exceptions_are_told_apart_by_name() {
        assert_eq!(DeviceError::from_name("NotAllowedError"), DeviceError::Refused);
        assert_eq!(DeviceError::from_name("NotFoundError"), DeviceError::Missing);
        assert_eq!(DeviceError::from_name("OverconstrainedError"), DeviceError::Missing);
        assert_eq!(DeviceError::from_name("NotReadableError"), DeviceError::Busy);
        assert_eq!(DeviceError::from_name("whatever"), DeviceError::Other);
    }

    #[test]
    fn every_error_has_advice_that_says_what_to_do() {
        for error in [
            DeviceError::Insecure,
            DeviceError::Refused,
            DeviceError::Missing,
            DeviceError::Busy,
            DeviceError::Unsupported,
            DeviceError::Other,
        ] {
            for source in [Source::Microphone, Source::Camera, Source::Screen] {
                assert!(error.advice(source).ends_with('.'));
            }
        }
    }
}
