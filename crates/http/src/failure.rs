use std::time::Duration;

use anteroom_domain::trouble::{Setting, Trouble};

/// Why a provider did not do what it was asked, in a sentence for an operator. Nothing of what the provider said is in it
/// but its error code, if that is made of letters and digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("{host} takes no more requests for now{}. Nothing needs to be done unless this stays.", after(*.retry_after))]
    Throttled {
        host: String,
        retry_after: Option<Duration>,
    },
    #[error("{host} has trouble of its own. Nothing needs to be done here; see its status page if this stays.")]
    Unavailable {
        host: String,
        retry_after: Option<Duration>,
    },
    #[error("{host} did not answer in time. Check the network between this machine and it if this stays.")]
    TimedOut { host: String },
    #[error("{host} can’t be reached. Check the address, the name service and the firewall or proxy of this machine.")]
    Unreachable { host: String },
    /// It was reached, and has perhaps read the request.
    #[error(
        "{host} closed the connection instead of answering. Check the firewall or proxy of this machine if this stays."
    )]
    BrokenOff { host: String },
    #[error("{host} refused our credentials{}. {}", coded(.code.as_deref()), denied(*.advice, *.ahead))]
    Denied {
        host: String,
        code: Option<String>,
        /// What to do about this code, where the adapter knows it.
        advice: Option<&'static str>,
        /// By how many seconds our clock is ahead of its (or behind, if less than none), where they are so far apart that
        /// this alone explains it.
        ahead: Option<i64>,
    },
    #[error("{host} says that what was asked for is not there{}. Check its address, and that it was not deleted.", coded(.code.as_deref()))]
    NotThere { host: String, code: Option<String> },
    #[error("{host} refused the request with status {status}{}. {}", coded(.code.as_deref()), refused(*.status, *.advice))]
    Refused {
        host: String,
        status: u16,
        code: Option<String>,
        /// What to do about this code, where the adapter knows it.
        advice: Option<&'static str>,
    },
    #[error(
        "{host} answered with something that it never should. Check its address, and whether a proxy answers instead."
    )]
    Malformed { host: String },
    #[error("{told}")]
    NotConfigured {
        setting: Setting,
        /// A whole sentence.
        told: &'static str,
    },
    #[error("Nobody waits for it any more.")]
    Unwanted,
}

impl Failure {
    /// How long it wants to be left alone, if it said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled { retry_after, .. } | Self::Unavailable { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// May the same request work in a moment?
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Throttled { .. }
            | Self::Unavailable { .. }
            | Self::TimedOut { .. }
            | Self::Unreachable { .. }
            | Self::BrokenOff { .. }
            | Self::Malformed { .. } => true,
            Self::Denied { .. }
            | Self::NotThere { .. }
            | Self::Refused { .. }
            | Self::NotConfigured { .. }
            | Self::Unwanted => false,
        }
    }

    /// Of a request that was sent: may it have been carried out, and only the answer that says so be missing?
    pub(crate) fn hides_the_effect(&self) -> bool {
        match self {
            Self::Unavailable { .. } | Self::TimedOut { .. } | Self::BrokenOff { .. } | Self::Malformed { .. } => true,
            Self::Throttled { .. }
            | Self::Unreachable { .. }
            | Self::Denied { .. }
            | Self::NotThere { .. }
            | Self::Refused { .. }
            | Self::NotConfigured { .. }
            | Self::Unwanted => false,
        }
    }
}

/// For an admin.
impl From<&Failure> for Trouble {
    fn from(failure: &Failure) -> Self {
        match failure.clone() {
            Failure::Throttled { host, retry_after } => Self::Throttled {
                host,
                seconds: retry_after.map(quiet),
            },
            Failure::Unavailable { host, .. } => Self::Unavailable { host },
            Failure::TimedOut { host } => Self::TimedOut { host },
            Failure::Unreachable { host } => Self::Unreachable { host },
            Failure::BrokenOff { host } => Self::BrokenOff { host },
            Failure::Denied { host, code, ahead, .. } => Self::Denied {
                host,
                code,
                ahead: ahead.map(|seconds| seconds.signum() * minutes(seconds)),
            },
            Failure::NotThere { host, code } => Self::NotThere { host, code },
            Failure::Refused { host, status, code, .. } => Self::Refused { host, status, code },
            Failure::Malformed { host } => Self::Malformed { host },
            Failure::NotConfigured { setting, .. } => Self::Setting(setting),
            Failure::Unwanted => Self::Unwanted,
        }
    }
}

/// In whole seconds, and never none.
fn quiet(time: Duration) -> u64 {
    time.as_secs().max(1)
}

/// How far apart two clocks are, in whole minutes.
fn minutes(seconds: i64) -> i64 {
    (seconds.abs() + 30) / 60
}

fn after(retry_after: Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |time| {
        format!(" and wants {} seconds of quiet", quiet(time))
    })
}

fn coded(code: Option<&str>) -> String {
    code.map_or_else(String::new, |code| format!(" ({code})"))
}

fn denied(advice: Option<&'static str>, ahead: Option<i64>) -> String {
    match (ahead, advice) {
        (Some(seconds), _) => {
            let minutes = minutes(seconds);
            let side = if seconds > 0 { "ahead" } else { "behind" };
            format!("The clocks are {minutes} minutes apart, this machine’s is {side}: set it (NTP).")
        }
        (None, Some(advice)) => advice.to_owned(),
        (None, None) => "Check the access key, or the application’s secret or certificate and its roles.".to_owned(),
    }
}

fn refused(status: u16, advice: Option<&'static str>) -> &'static str {
    match (advice, status) {
        (Some(advice), _) => advice,
        (None, 300..400) => "Redirects are not followed: check its address.",
        (None, 404) => "Check its address, and that what was asked for is still there.",
        (None, _) => "Check the settings that concern it.",
    }
}
