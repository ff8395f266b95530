//! What can be wrong with a camera or a microphone, and what a person can do about it.

use anteroom_domain::signalling::Source;

/// Why a device did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Not https: browsers give no devices to such a page.
    Insecure,
    /// The person, the browser's settings or the system said no.
    Refused,
    /// There is none.
    Missing,
    /// Another program has it, or the system failed to open it.
    Busy,
    /// This browser has no such function (screen sharing on phones).
    Unsupported,
    Other,
}

impl Trouble {
    /// From the name of the `DOMException`, which is stable where its message is not.
    pub fn from_name(name: &str) -> Self {
        match name {
            "NotAllowedError" | "PermissionDeniedError" => Trouble::Refused,
            // OverconstrainedError: the remembered device was unplugged.
            "NotFoundError" | "DevicesNotFoundError" | "OverconstrainedError" => Trouble::Missing,
            "NotReadableError" | "TrackStartError" | "AbortError" => Trouble::Busy,
            "SecurityError" => Trouble::Insecure,
            "TypeError" | "NotSupportedError" => Trouble::Unsupported,
            _ => Trouble::Other,
        }
    }

    /// One sentence or two: what is wrong, and what to do now. Joining without the device is always possible.
    pub fn advice(self, source: Source) -> &'static str {
        use Source::{Camera, Microphone, Screen};
        match (self, source) {
            (Trouble::Insecure, _) => {
                "This page was not opened over a secure connection (https), so the browser keeps the devices shut. \
                 Open the link exactly as you received it, or join without them and listen."
            }
            (Trouble::Refused, Microphone) => {
                "The browser was told not to use the microphone. Allow it for this page, with the symbol beside the address, \
                 and try again. You can also join without it and listen."
            }
            (Trouble::Refused, Camera) => {
                "The browser was told not to use the camera. Allow it for this page, with the symbol beside the address, and \
                 try again. You can also join without a picture."
            }
            (Trouble::Refused, Screen) => {
                "Nothing is shared. Choose “Share screen” again if you did not mean to cancel."
            }
            (Trouble::Missing, Microphone) => {
                "No microphone was found. Connect one, or a headset, and try again. You can also join without it and listen."
            }
            (Trouble::Missing, Camera) => {
                "No camera was found. Connect one and try again. You can also join without a picture."
            }
            (Trouble::Busy, Microphone) => {
                "The microphone is in use by another program. Close it (another meeting, perhaps) and try again."
            }
            (Trouble::Busy, Camera) => {
                "The camera is in use by another program. Close it (another meeting, perhaps) and try again."
            }
            (Trouble::Unsupported, Screen) => "This browser cannot share a screen. On a computer it can.",
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

/// What to say of both devices: one sentence where one reason keeps both shut, as it is when somebody refused.
pub fn advise(microphone: Option<Trouble>, camera: Option<Trouble>) -> Vec<&'static str> {
    match (microphone, camera) {
        (Some(Trouble::Insecure), Some(Trouble::Insecure)) => vec![Trouble::Insecure.advice(Source::Microphone)],
        (Some(Trouble::Refused), Some(Trouble::Refused)) => vec![
            "The browser was told not to use the microphone and the camera. Allow both for this page, with the symbol beside \
             the address, and try again. You can also join without them and listen.",
        ],
        (Some(Trouble::Missing), Some(Trouble::Missing)) => vec![
            "No microphone and no camera were found. Connect them, or a headset, and try again. You can also join without \
             them and listen.",
        ],
        _ => {
            let of = |trouble: Option<Trouble>, source| trouble.map(|trouble| trouble.advice(source));
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
        for trouble in [Trouble::Insecure, Trouble::Refused, Trouble::Missing] {
            assert_eq!(advise(Some(trouble), Some(trouble)).len(), 1, "{trouble:?}");
        }
        assert_eq!(
            advise(Some(Trouble::Busy), Some(Trouble::Refused)),
            [
                Trouble::Busy.advice(Source::Microphone),
                Trouble::Refused.advice(Source::Camera)
            ]
        );
        assert_eq!(
            advise(None, Some(Trouble::Missing)),
            [Trouble::Missing.advice(Source::Camera)]
        );
        assert!(advise(None, None).is_empty());
    }

    #[test]
    fn exceptions_are_told_apart_by_name() {
        assert_eq!(Trouble::from_name("NotAllowedError"), Trouble::Refused);
        assert_eq!(Trouble::from_name("NotFoundError"), Trouble::Missing);
        assert_eq!(Trouble::from_name("OverconstrainedError"), Trouble::Missing);
        assert_eq!(Trouble::from_name("NotReadableError"), Trouble::Busy);
        assert_eq!(Trouble::from_name("whatever"), Trouble::Other);
    }

    #[test]
    fn every_trouble_has_advice_that_says_what_to_do() {
        for trouble in [
            Trouble::Insecure,
            Trouble::Refused,
            Trouble::Missing,
            Trouble::Busy,
            Trouble::Unsupported,
            Trouble::Other,
        ] {
            for source in [Source::Microphone, Source::Camera, Source::Screen] {
                assert!(trouble.advice(source).ends_with('.'));
            }
        }
    }
}
