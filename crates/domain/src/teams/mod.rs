//! What Microsoft Teams means to us: where meetings are, how they end, what they cost.

pub mod cost;
pub mod end_code;
pub mod link;

use serde::{Deserialize, Serialize};

/// What a participant's page announces the moment Teams says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announcement {
    Recording,
    Transcription,
    /// The meeting wants an explicit agreement before anything is sent.
    ConsentAsked,
}
