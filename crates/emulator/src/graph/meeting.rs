use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::request::CreateOrGet;
use crate::inspect::Meeting;
use crate::random::Random;
use crate::world::Setup;

pub fn make(random: &mut Random, setup: &Setup, user: &str, wanted: CreateOrGet, now: Timestamp) -> Meeting {
    // As Teams makes them: a thread's name is Base64 of a GUID, a meeting's id that of organizer and thread.
    let name = BASE64_STANDARD.encode(random.guid());
    let thread_id = format!("19:meeting_{name}@thread.v2");
    let settings = wanted
        .participants
        .map(|participants| Map::from_iter([("participants".to_owned(), Value::Object(participants))]));
    Meeting {
        id: BASE64_STANDARD.encode(format!("1*{user}*0**{thread_id}")),
        user: user.to_owned(),
        external_id: wanted.external_id,
        subject: wanted.subject,
        start: wanted.start,
        end: wanted.end,
        join_web_url: join_web_url(&name, &setup.tenant_id, user),
        meeting_id: format!("2{}", random.digits(13)),
        passcode: random.passcode(),
        thread_id,
        created_at: now,
        deleted_at: None,
        changes: 0,
        settings: settings.unwrap_or_default(),
    }
}

fn join_web_url(name: &str, tenant: &str, organizer: &str) -> String {
    format!(
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_{name}%40thread.v2/0\
         ?context=%7b%22Tid%22%3a%22{tenant}%22%2c%22Oid%22%3a%22{organizer}%22%7d"
    )
}

/// As Graph shows it.
pub fn shown(meeting: &Meeting, setup: &Setup) -> Value {
    let mut shown = json!({
        "@odata.context": format!("https://graph.microsoft.com/v1.0/$metadata#users('{}')/onlineMeetings/$entity", meeting.user),
        "id": meeting.id,
        "creationDateTime": meeting.created_at.to_string(),
        "startDateTime": meeting.start.to_string(),
        "endDateTime": meeting.end.to_string(),
        "joinWebUrl": meeting.join_web_url,
        "subject": meeting.subject,
        "externalId": meeting.external_id,
        "isBroadcast": false,
        "isEntryExitAnnounced": true,
        "allowedPresenters": "everyone",
        "allowAttendeeToEnableCamera": true,
        "allowAttendeeToEnableMic": true,
        "allowMeetingChat": "enabled",
        "allowTeamworkReactions": true,
        "recordAutomatically": false,
        "audioConferencing": null,
        "chatInfo": { "threadId": meeting.thread_id, "messageId": "0", "replyChainMessageId": null },
        "joinMeetingIdSettings": {
            "isPasscodeRequired": true,
            "joinMeetingId": meeting.meeting_id,
            "passcode": meeting.passcode,
        },
        "lobbyBypassSettings": { "scope": "organization", "isDialInBypassEnabled": false },
        "participants": { "attendees": [] },
    });
    merge(&mut shown, &Value::Object(meeting.settings.clone()));
    // Whatever was sent: nobody else becomes the organizer.
    let organizer = json!({
        "upn": null,
        "role": "presenter",
        "identity": {
            "user": { "id": meeting.user, "displayName": null, "tenantId": setup.tenant_id, "identityProvider": "AAD" },
        },
    });
    if let Some(Value::Object(participants)) = shown.get_mut("participants") {
        participants.insert("organizer".to_owned(), organizer);
    }
    shown
}

/// Objects name by name, everything else as a whole.
fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name.as_str()).or_insert(Value::Null), value);
            }
        }
        (into, from) => into.clone_from(from),
    }
}
