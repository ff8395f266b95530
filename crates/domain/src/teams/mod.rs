//! Microsoft Teams: the links of meetings, the codes with which calls end, and what guests cost.

pub mod cost;
pub mod end_code;
pub mod link;

use serde::{Deserialize, Serialize};

/// An announcement that a participant's page makes as soon as Teams says that it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announcement {
    /// The meeting is being recorded.
    Recording,
    /// The meeting is being transcribed.
    Transcription,
    /// The meeting asks for explicit consent before the participant may send anything.
    ConsentAsked,
}
