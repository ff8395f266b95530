use std::time::Duration;

/// Why something of Azure's did not work, in a sentence for an operator. What the far side said is in none of them but
/// for its error code, of which letters and digits are left.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("{host} takes no more requests for now{}. Nothing needs to be done unless this stays.", after(*.retry_after))]
    Throttled {
        host: String,
        retry_after: Option<Duration>,
    },
    #[error(
        "{host} has trouble of its own. Nothing needs to be done here; see https://status.azure.com if this stays."
    )]
    Unavailable {
        host: String,
        retry_after: Option<Duration>,
    },
    #[error("{host} did not answer in time. Check the network between this machine and it if this stays.")]
    TimedOut { host: String },
    #[error("{host} can't be reached. Check the address, the name service and the firewall or proxy of this machine.")]
    Unreachable { host: String },
    #[error("{host} refused our credentials{}. {}", coded(.code), denied(*.clock_is_off))]
    Denied {
        host: String,
        code: Option<String>,
        /// Its clock and ours are so far apart that this alone explains it.
        clock_is_off: bool,
    },
    #[error("{host} refused the request with status {status}{}. {}", coded(.code), refused(*.status))]
    Refused {
        host: String,
        status: u16,
        code: Option<String>,
    },
    #[error(
        "{host} answered with something that it never should. Check its address, and whether a proxy answers instead."
    )]
    Malformed { host: String },
    /// A whole sentence.
    #[error("{0}")]
    NotConfigured(String),
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
            | Self::Malformed { .. } => true,
            Self::Denied { .. } | Self::Refused { .. } | Self::NotConfigured(_) => false,
        }
    }
}

fn after(retry_after: Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |time| {
        format!(" and wants {} seconds of quiet", time.as_secs().max(1))
    })
}

fn coded(code: &Option<String>) -> String {
    code.as_ref().map_or_else(String::new, |code| format!(" ({code})"))
}

fn denied(clock_is_off: bool) -> &'static str {
    match clock_is_off {
        true => "The clocks are minutes apart: set this machine's clock (NTP).",
        false => "Check the access key, or the application's secret or certificate and its roles.",
    }
}

fn refused(status: u16) -> &'static str {
    match status {
        300..400 => "Redirects are not followed: check its address.",
        404 => "Check its address, and that what was asked for is still there.",
        _ => "Check the settings that concern it.",
    }
}
