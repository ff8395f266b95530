use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::GraphError;
use crate::inspect::Meeting;

/// What `createOrGet` takes; Graph refuses a name that it does not know.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CreateBody {
    external_id: Option<String>,
    subject: Option<String>,
    start_date_time: Option<Timestamp>,
    end_date_time: Option<Timestamp>,
    participants: Option<Map<String, Value>>,
}

pub struct CreateOrGet {
    pub external_id: String,
    pub subject: Option<String>,
    pub start: Timestamp,
    pub end: Timestamp,
    pub participants: Option<Map<String, Value>>,
}

impl CreateOrGet {
    pub fn read(body: &[u8], now: Timestamp) -> Result<Self, GraphError> {
        let body: CreateBody = json(body)?;
        let external_id = body
            .external_id
            .filter(|id| !id.is_empty())
            .ok_or_else(|| GraphError::bad("The externalId is required."))?;
        let (start, end) = match (body.start_date_time, body.end_date_time) {
            (Some(start), Some(end)) => (start, end),
            (Some(start), None) => (start, hour_after(start)),
            (None, None) => (now, hour_after(now)),
            (None, Some(_)) => return Err(GraphError::bad("The endDateTime needs a startDateTime.")),
        };
        in_order(start, end)?;
        Ok(Self {
            external_id,
            subject: body.subject,
            start,
            end,
            participants: body.participants,
        })
    }
}

/// What can be changed, of what Graph lets be changed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Update {
    subject: Option<String>,
    start_date_time: Option<Timestamp>,
    end_date_time: Option<Timestamp>,
    #[serde(flatten)]
    settings: Map<String, Value>,
}

const SETTINGS: [&str; 18] = [
    "allowAttendeeToEnableCamera",
    "allowAttendeeToEnableMic",
    "allowBreakoutRooms",
    "allowCopyingAndSharingMeetingContent",
    "allowedLobbyAdmitters",
    "allowedPresenters",
    "allowLiveShare",
    "allowMeetingChat",
    "allowPowerPointSharing",
    "allowRecording",
    "allowTeamworkReactions",
    "allowTranscription",
    "allowWhiteboard",
    "isEntryExitAnnounced",
    "lobbyBypassSettings",
    "participants",
    "recordAutomatically",
    "watermarkProtection",
];

impl Update {
    pub fn read(body: &[u8]) -> Result<Self, GraphError> {
        let update: Self = json(body)?;
        if let Some(other) = update.settings.keys().find(|name| !SETTINGS.contains(&name.as_str())) {
            return Err(GraphError::bad(format!("The property '{other}' can't be updated.")));
        }
        match (update.start_date_time, update.end_date_time) {
            (Some(start), Some(end)) => in_order(start, end)?,
            (None, None) => {}
            _ => {
                return Err(GraphError::bad(
                    "Changing the time needs both startDateTime and endDateTime.",
                ));
            }
        }
        Ok(update)
    }

    pub fn apply(self, meeting: &mut Meeting) {
        if let Some(subject) = self.subject {
            meeting.subject = Some(subject);
        }
        if let (Some(start), Some(end)) = (self.start_date_time, self.end_date_time) {
            (meeting.start, meeting.end) = (start, end);
        }
        meeting.settings.extend(self.settings);
        meeting.changes += 1;
    }
}

fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, GraphError> {
    serde_json::from_slice(body).map_err(|error| GraphError::bad(format!("The body can't be used: {error}.")))
}

fn in_order(start: Timestamp, end: Timestamp) -> Result<(), GraphError> {
    if start <= end {
        Ok(())
    } else {
        Err(GraphError::bad("The endDateTime is before the startDateTime."))
    }
}

fn hour_after(start: Timestamp) -> Timestamp {
    start
        .saturating_add(SignedDuration::from_hours(1))
        .unwrap_or(Timestamp::MAX)
}
