//! Why something that is to be done at a provider is not done, for an admin: codes with arguments. Sentences are made at the
//! edge.

use serde::{Deserialize, Serialize};

use crate::refusal::TeamsOff;

/// Why something was not done at a provider.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The provider takes no more requests for now.
    Throttled {
        /// The provider's host.
        host: String,
        /// For how long it wants to be left alone, if it said so.
        seconds: Option<u64>,
    },
    /// The provider has trouble of its own.
    Unavailable {
        /// The provider's host.
        host: String,
    },
    /// The provider did not answer in time.
    TimedOut {
        /// The provider's host.
        host: String,
    },
    /// The provider could not be reached.
    Unreachable {
        /// The provider's host.
        host: String,
    },
    /// The provider closed the connection instead of answering.
    BrokenOff {
        /// The provider's host.
        host: String,
    },
    /// The provider refused our credentials.
    Denied {
        /// The provider's host.
        host: String,
        /// The provider's error code.
        code: Option<String>,
        /// By how many minutes our clock is ahead of the provider's (or behind, if less than none), where that alone
        /// explains it.
        ahead: Option<i64>,
    },
    /// What it was about is not at the provider.
    NotThere {
        /// The provider's host.
        host: String,
        /// The provider's error code.
        code: Option<String>,
    },
    /// The provider refused the request.
    Refused {
        /// The provider's host.
        host: String,
        /// The HTTP status of the answer.
        status: u16,
        /// The provider's error code.
        code: Option<String>,
    },
    /// The provider's answer is none that it gives.
    Malformed {
        /// The provider's host.
        host: String,
    },
    /// A setting of ours can't be used.
    Setting(Setting),
    /// Nobody waits for it any more.
    Unwanted,
    /// Nobody consented to the application's making meetings.
    ConsentMissing {
        /// The application's id.
        application: String,
    },
    /// No application access policy covers the user.
    AccessPolicyMissing {
        /// The application's id.
        application: String,
        /// The user's object ID in Entra.
        user: String,
    },
    /// The provider knows no such user.
    UserUnknown {
        /// The user's object ID in Entra.
        user: String,
    },
    /// The consultation's meeting is still being made.
    MeetingInTheMaking,
    /// The consultation has no meeting, and none can be made from here.
    MeetingToBePasted,
    /// The consultation has no meeting any more.
    MeetingGone,
    /// A meeting was made whose link has an unknown form.
    MeetingUnreadable,
    /// Graph, which made the meeting, is switched off now.
    GraphOff,
    /// The host has no object ID in Entra.
    HostUnnamed,
    /// The meeting is in another cloud than our resource.
    OtherCloud,
    /// The meeting belongs to an organisation whose meetings may not be used.
    ForeignTenant,
    /// The guest joined too often.
    TooOften,
    /// The visit is over, or was not let in.
    NotIn,
    /// There is no such engine.
    NoEngine,
    /// Teams is off here, for this reason.
    TeamsOff(TeamsOff),
    /// The built-in engine has stopped.
    EngineStopped,
    /// It failed on our side.
    Ours,
    /// It broke off.
    BrokeDown,
    /// It took too long and was given up.
    TookTooLong,
    /// The server stopped in the middle of it.
    ServerStopped,
    /// This version does not know how to do it.
    UnknownWork,
    /// What a version before this one wrote down: a sentence.
    Told(String),
}

/// A setting that can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// What HTTPS needs on this machine.
    Https,
    /// The variable `IDENTITY_HEADER`.
    IdentityHeader,
    /// The application's secret.
    Secret,
    /// The application's private key.
    PrivateKey,
    /// Something that is part of a request.
    Request,
}
