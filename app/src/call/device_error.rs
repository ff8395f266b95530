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
            (DeviceError::Insecure, _) => t!(guest::device::insecure),
            (DeviceError::Refused, Microphone) => t!(guest::device::microphone_refused),
            (DeviceError::Refused, Camera) => t!(guest::device::camera_refused),
            (DeviceError::Refused, Screen) => t!(guest::device::screen_refused),
            (DeviceError::Missing, Microphone) => t!(guest::device::microphone_missing),
            (DeviceError::Missing, Camera) => t!(guest::device::camera_missing),
            (DeviceError::Busy, Microphone) => t!(guest::device::microphone_busy),
            (DeviceError::Busy, Camera) => t!(guest::device::camera_busy),
            (DeviceError::Unsupported, Screen) => t!(guest::device::screen_unsupported),
            (_, Microphone) => t!(guest::device::microphone_failed),
            (_, Camera) => t!(guest::device::camera_failed),
            (_, Screen) => t!(guest::device::screen_failed),
        }
    }
}

/// Advice on both devices: one sentence where both failed for one reason, as after a refusal.
pub fn advise(microphone: Option<DeviceError>, camera: Option<DeviceError>) -> Vec<&'static str> {
    match (microphone, camera) {
        (Some(DeviceError::Insecure), Some(DeviceError::Insecure)) => {
            vec![DeviceError::Insecure.advice(Source::Microphone)]
        }
        (Some(DeviceError::Refused), Some(DeviceError::Refused)) => vec![t!(guest::device::both_refused)],
        (Some(DeviceError::Missing), Some(DeviceError::Missing)) => vec![t!(guest::device::both_missing)],
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
