//! Media negotiation of the built-in engine. The server alone offers, so two offers never meet.

use anteroom_domain::id::VisitId;
use serde::{Deserialize, Serialize};

/// What a track carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A microphone.
    Microphone,
    /// A camera.
    Camera,
    /// A shared screen or window.
    Screen,
}

/// From the browser to the built-in engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "m", rename_all = "snake_case", deny_unknown_fields)]
pub enum MediaFromClient {
    /// Enter the meeting: a new peer connection; an earlier one of this visit is dropped. Answered by an offer.
    Join,
    /// The answer to offer `n`.
    Answer {
        /// The offer's number.
        n: u32,
        /// The local description.
        sdp: String,
    },
    /// Asks for an m-line to send this source on. Microphone and camera have theirs from the start; this is for the screen.
    Publish {
        /// What is to be sent.
        source: Source,
    },
    /// This source is no longer sent.
    Unpublish {
        /// What is no longer sent.
        source: Source,
    },
    /// ICE failed or the network changed: the server offers again with new ICE credentials.
    Restart,
}

/// From the built-in engine to the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "m", rename_all = "snake_case")]
pub enum MediaFromServer {
    /// Set as the remote description and answer with the same `n`. A mid that no slot names is out of use.
    Offer {
        /// The offer's number, rising.
        n: u32,
        /// The remote description.
        sdp: String,
        /// What each `mid` is for.
        slots: Vec<Slot>,
    },
    /// DTLS is up: packets flow.
    Connected,
    /// How this participant's connection looks from the server, at most once a second and only on change.
    Quality {
        /// How it looks.
        quality: Quality,
    },
    /// The engine gave this participant up (no media for too long, a broken peer connection). `Join` starts again.
    Gone {
        /// Why, for the browser's console.
        reason: String,
    },
}

/// One m-line of an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The m-line's `a=mid`.
    pub mid: String,
    /// What its track carries.
    pub source: Source,
    /// Who sends on it.
    #[serde(flatten)]
    pub direction: SlotDirection,
}

/// Who sends on an m-line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "direction", rename_all = "snake_case")]
pub enum SlotDirection {
    /// The browser sends its own track here.
    Send,
    /// The browser receives this participant's track here.
    Receive {
        /// Whose track.
        visit: VisitId,
    },
}

/// Connection quality, in the words that the screen uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Nothing arrives.
    Lost,
    /// Sound breaks up.
    Poor,
    /// Pictures suffer.
    Fair,
    /// As it should be.
    Good,
}
