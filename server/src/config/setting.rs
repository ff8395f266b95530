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
    OrganisationPhone,
    OrganisationEmail,
    OrganisationPrivacyUrl,
    OrganisationImprintUrl,
    TeamsConnectionString,
    TeamsEndpoint,
    TeamsTenant,
    TeamsClientId,
    TeamsClientSecret,
    TeamsCertificate,
    TeamsManagedIdentity,
    TeamsGraph,
    TeamsScope,
    TeamsApiVersion,
    TeamsChat,
    TeamsWebinars,
    TeamsClient,
    TeamsMinutePrice,
    TeamsMessagePrice,
    TeamsCurrency,
    TeamsLoginUrl,
    TeamsGraphUrl,
    TeamsConnect,
    LogFilter,
    LogFormat,
}

impl Setting {
    pub const ALL: [Self; 34] = [
        Self::Listen,
        Self::Data,
        Self::PublicUrl,
        Self::ClientAddressHeader,
        Self::MediaListen,
        Self::MediaAdvertise,
        Self::OrganisationName,
        Self::OrganisationAccent,
        Self::OrganisationLogo,
        Self::OrganisationPhone,
        Self::OrganisationEmail,
        Self::OrganisationPrivacyUrl,
        Self::OrganisationImprintUrl,
        Self::TeamsConnectionString,
        Self::TeamsEndpoint,
        Self::TeamsTenant,
        Self::TeamsClientId,
        Self::TeamsClientSecret,
        Self::TeamsCertificate,
        Self::TeamsManagedIdentity,
        Self::TeamsGraph,
        Self::TeamsScope,
        Self::TeamsApiVersion,
        Self::TeamsChat,
        Self::TeamsWebinars,
        Self::TeamsClient,
        Self::TeamsMinutePrice,
        Self::TeamsMessagePrice,
        Self::TeamsCurrency,
        Self::TeamsLoginUrl,
        Self::TeamsGraphUrl,
        Self::TeamsConnect,
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
            Self::OrganisationPhone => "organisation.phone",
            Self::OrganisationEmail => "organisation.email",
            Self::OrganisationPrivacyUrl => "organisation.privacy_url",
            Self::OrganisationImprintUrl => "organisation.imprint_url",
            Self::TeamsConnectionString => "teams.connection_string",
            Self::TeamsEndpoint => "teams.endpoint",
            Self::TeamsTenant => "teams.tenant",
            Self::TeamsClientId => "teams.client_id",
            Self::TeamsClientSecret => "teams.client_secret",
            Self::TeamsCertificate => "teams.certificate",
            Self::TeamsManagedIdentity => "teams.managed_identity",
            Self::TeamsGraph => "teams.graph",
            Self::TeamsScope => "teams.scope",
            Self::TeamsApiVersion => "teams.api_version",
            Self::TeamsChat => "teams.chat",
            Self::TeamsWebinars => "teams.webinars",
            Self::TeamsClient => "teams.client",
            Self::TeamsMinutePrice => "teams.minute_price",
            Self::TeamsMessagePrice => "teams.message_price",
            Self::TeamsCurrency => "teams.currency",
            Self::TeamsLoginUrl => "teams.login_url",
            Self::TeamsGraphUrl => "teams.graph_url",
            Self::TeamsConnect => "teams.connect",
            Self::LogFilter => "log.filter",
            Self::LogFormat => "log.format",
        }
    }

    /// In the environment.
    pub fn variable(self) -> String {
        format!("ANTEROOM_{}", self.key().replace('.', "_").to_uppercase())
    }

    /// Is it never to be shown, not even where it is wrong?
    pub fn is_secret(self) -> bool {
        matches!(self, Self::TeamsConnectionString | Self::TeamsClientSecret)
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
            Self::OrganisationPhone => "a number that guests can call, such as 044 555 01 00",
            Self::OrganisationEmail => "an e-mail address that guests can write to",
            Self::OrganisationPrivacyUrl | Self::OrganisationImprintUrl => {
                "the address of a page, such as https://www.example.com/privacy"
            }
            Self::TeamsConnectionString => {
                "a connection string of Azure Communication Services: endpoint=https://…;accesskey=…"
            }
            Self::TeamsEndpoint => {
                "the https address of the Azure Communication Services resource, such as https://contoso.communication.azure.com"
            }
            Self::TeamsTenant => "the ID of your Microsoft Entra tenant, such as 72f988bf-86f1-41af-91ab-2d7cd011db47",
            Self::TeamsClientId => {
                "the application (client) ID of the app registration, such as 2c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001"
            }
            Self::TeamsClientSecret => "the value of a client secret of the app registration",
            Self::TeamsCertificate => {
                "an existing PEM file with the certificate of the app registration and its private key"
            }
            Self::TeamsManagedIdentity | Self::TeamsGraph | Self::TeamsChat | Self::TeamsWebinars => "on or off",
            Self::TeamsScope => "voip or voip.join",
            Self::TeamsApiVersion => "a version of the Identity interface, such as 2023-10-01",
            Self::TeamsClient => "a folder for the module that joins Teams",
            Self::TeamsMinutePrice => "a price with a point, such as 0.004",
            Self::TeamsMessagePrice => "a price with a point, such as 0.0008",
            Self::TeamsCurrency => "three capital letters, such as USD",
            Self::TeamsLoginUrl => "an https address without a path, such as https://login.microsoftonline.com",
            Self::TeamsGraphUrl => "an https address without a path, such as https://graph.microsoft.com",
            Self::TeamsConnect => {
                "hosts that the Teams client may reach beside Microsoft's, separated by commas, such as https://*.example.us"
            }
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
