use std::fmt;
use std::path::PathBuf;

/// Everything that can be set, by its key in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    Listen,
    Data,
    PublicUrl,
    ClientAddressHeader,
    MediaListen,
    MediaAdvertise,
    OrganisationName,
    OrganisationAccent,
    OrganisationLogo,
    LogFilter,
    LogFormat,
}

impl Setting {
    pub const ALL: [Self; 11] = [
        Self::Listen,
        Self::Data,
        Self::PublicUrl,
        Self::ClientAddressHeader,
        Self::MediaListen,
        Self::MediaAdvertise,
        Self::OrganisationName,
        Self::OrganisationAccent,
        Self::OrganisationLogo,
        Self::LogFilter,
        Self::LogFormat,
    ];

    /// In `anteroom.toml`; what stands before a dot is the name of a table.
    pub fn key(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::Data => "data",
            Self::PublicUrl => "public_url",
            Self::ClientAddressHeader => "client_address_header",
            Self::MediaListen => "media.listen",
            Self::MediaAdvertise => "media.advertise",
            Self::OrganisationName => "organisation.name",
            Self::OrganisationAccent => "organisation.accent",
            Self::OrganisationLogo => "organisation.logo",
            Self::LogFilter => "log.filter",
            Self::LogFormat => "log.format",
        }
    }

    /// In the environment.
    pub fn variable(self) -> String {
        format!("ANTEROOM_{}", self.key().replace('.', "_").to_uppercase())
    }

    /// What it can be, as the end of "… should be".
    pub fn allowed(self) -> &'static str {
        match self {
            Self::Listen => "an address and a port, such as 127.0.0.1:3000 or [::]:3000",
            Self::Data => "a folder",
            Self::PublicUrl => "the address that people open, without a path, such as https://meet.example.com",
            Self::ClientAddressHeader => "the name of a header that your proxy sets, such as x-forwarded-for",
            Self::MediaListen => "an address and a port of its own, other than `listen`, such as 0.0.0.0:3001",
            Self::MediaAdvertise => "IP addresses that browsers can reach, separated by commas, such as 203.0.113.7",
            Self::OrganisationName => "a name of at most 100 characters on one line",
            Self::OrganisationAccent => "# and six hexadecimal digits, such as #0e5f6b",
            Self::OrganisationLogo => "an existing file that ends in .svg, .png, .jpg or .webp",
            Self::LogFilter => "a level (error, warn, info, debug, trace), or target=level, separated by commas",
            Self::LogFormat => "text or json",
        }
    }
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Default,
    /// A default that follows from another setting.
    Derived(&'static str),
    File {
        path: PathBuf,
        line: usize,
    },
    Environment(String),
    Flag(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Derived(from) => write!(f, "default ({from})"),
            Self::File { path, line } => write!(f, "{}, line {line}", path.display()),
            Self::Environment(variable) => write!(f, "environment variable {variable}"),
            Self::Flag(flag) => f.write_str(flag),
        }
    }
}

/// A value as it was written, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub text: String,
    pub source: Source,
}

/// What one source says.
pub type Layer = std::collections::BTreeMap<Setting, Given>;
