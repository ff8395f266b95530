//! What an engine tells a person, as a code.

use serde::Deserialize;

/// What happened that a person can do something about. The first are the names of Microsoft's Calling SDK; all but the last two
/// are in `teams-client/src/contract.ts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Told {
    SpeakingWhileMicrophoneIsMuted,
    NoSpeakerDevicesEnumerated,
    NoMicrophoneDevicesEnumerated,
    CameraFreeze,
    CameraStartFailed,
    CameraStartTimedOut,
    CapturerStartFailed,
    MicrophoneNotFunctioning,
    MicrophoneMuteUnexpectedly,
    CameraStoppedUnexpectedly,
    CapturerStoppedUnexpectedly,
    MicrophonePermissionDenied,
    CameraPermissionDenied,
    MicrophoneNotMuteButSilent,
    NoNetwork,
    NetworkRelaysNotReachable,
    CaptionsMissing,
    CaptionsStay,
    ChatElsewhere,
    ConsentFailed,
    MutedByHost,
    PartsMissing,
    HandFailed,
    ReactionFailed,
    PictureFailed,
    MicrophoneFailed,
    MuteFailed,
    CameraRefused,
    ScreenRefused,
    /// The built-in engine: this browser lacks what a meeting needs.
    BrowserTooOld,
    /// The built-in engine: no connection came about, try as it may.
    Blocked,
}

/// In a sentence.
pub fn sentence(told: Told) -> &'static str {
    match told {
        Told::SpeakingWhileMicrophoneIsMuted => t!(guest::teams_told::speaking_while_microphone_is_muted),
        Told::NoSpeakerDevicesEnumerated => t!(guest::teams_told::no_speaker_devices_enumerated),
        Told::NoMicrophoneDevicesEnumerated => t!(guest::teams_told::no_microphone_devices_enumerated),
        Told::CameraFreeze => t!(guest::teams_told::camera_freeze),
        Told::CameraStartFailed => t!(guest::teams_told::camera_start_failed),
        Told::CameraStartTimedOut => t!(guest::teams_told::camera_start_timed_out),
        Told::CapturerStartFailed => t!(guest::teams_told::capturer_start_failed),
        Told::MicrophoneNotFunctioning => t!(guest::teams_told::microphone_not_functioning),
        Told::MicrophoneMuteUnexpectedly => t!(guest::teams_told::microphone_mute_unexpectedly),
        Told::CameraStoppedUnexpectedly => t!(guest::teams_told::camera_stopped_unexpectedly),
        Told::CapturerStoppedUnexpectedly => t!(guest::teams_told::capturer_stopped_unexpectedly),
        Told::MicrophonePermissionDenied => t!(guest::teams_told::microphone_permission_denied),
        Told::CameraPermissionDenied => t!(guest::teams_told::camera_permission_denied),
        Told::MicrophoneNotMuteButSilent => t!(guest::teams_told::microphone_not_mute_but_silent),
        Told::NoNetwork => t!(guest::teams_told::no_network),
        Told::NetworkRelaysNotReachable => t!(guest::teams_told::network_relays_not_reachable),
        Told::CaptionsMissing => t!(guest::teams_told::captions_missing),
        Told::CaptionsStay => t!(guest::teams_told::captions_stay),
        Told::ChatElsewhere => t!(guest::teams_told::chat_elsewhere),
        Told::ConsentFailed => t!(guest::teams_told::consent_failed),
        Told::MutedByHost => t!(guest::teams_told::muted_by_host),
        Told::PartsMissing => t!(guest::teams_told::parts_missing),
        Told::HandFailed => t!(guest::teams_told::hand_failed),
        Told::ReactionFailed => t!(guest::teams_told::reaction_failed),
        Told::PictureFailed => t!(guest::teams_told::picture_failed),
        Told::MicrophoneFailed => t!(guest::teams_told::microphone_failed),
        Told::MuteFailed => t!(guest::teams_told::mute_failed),
        Told::CameraRefused => t!(guest::teams_told::camera_refused),
        Told::ScreenRefused => t!(guest::teams_told::screen_refused),
        Told::BrowserTooOld => t!(guest::connecting::browser_too_old),
        Told::Blocked => t!(guest::connecting::blocked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: &str = include_str!("../../../../teams-client/src/contract.ts");

    #[test]
    fn every_code_of_the_contract_is_a_sentence() {
        let codes = CONTRACT.split("export type DiagnosticCode =").nth(1).unwrap();
        let codes: Vec<&str> = codes
            .split(';')
            .next()
            .unwrap()
            .split('\'')
            .skip(1)
            .step_by(2)
            .collect();
        assert!(codes.len() > 20, "{codes:?}");
        for code in codes {
            let told: Told = serde_json::from_str(&format!("{code:?}")).unwrap();
            assert!(sentence(told).ends_with(['.', '?']), "{code}");
        }
    }
}
