//! The configuration in effect, for a person to read.

use std::fmt::Write as _;

use super::{Config, Effective, Setting, Source};

impl Effective {
    /// One line a setting: key, value, where it came from. Of a secret it says only that there is one.
    pub fn report(&self) -> String {
        let rows: Vec<(&str, String, String)> = Setting::ALL
            .into_iter()
            .map(|setting| {
                let source = self.sources.get(&setting).unwrap_or(&Source::Default);
                (setting.key(), self.config.shown(setting), source.to_string())
            })
            .collect();
        let widest = rows
            .iter()
            .map(|(_, value, _)| value.chars().count())
            .max()
            .unwrap_or(0)
            .min(48);
        let mut text = String::new();
        for (key, value, source) in rows {
            // Writing to a string can't fail.
            let _ = writeln!(text, "{key:<26} {value:<widest$}  {source}");
        }
        text
    }

    /// What can be meant as it is, but often is not.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = self.web_warnings();
        warnings.extend(self.media_warning());
        warnings
    }

    /// Of them, what is about pages.
    pub fn web_warnings(&self) -> Vec<String> {
        let config = &self.config;
        let mut warnings = Vec::new();
        let is_local = config.listen.ip().is_loopback();
        let is_secure = config.public_url.as_ref().is_some_and(|url| {
            url.scheme() == "https" || matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
        });
        if !is_secure && (!is_local || config.public_url.is_some()) {
            warnings.push(
                "Browsers give camera and microphone to https pages and to localhost only. Put a proxy with a \
                 certificate in front, and set `public_url` to its https address."
                    .to_owned(),
            );
        }
        let is_https = config.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
        if is_https && config.client_address_header.is_none() {
            warnings.push(
                "`public_url` is https, so there is a proxy in front; but `client_address_header` is not set: everybody \
                 seems to come from the proxy, and one person's failed sign-ins slow everybody down. Name the header in \
                 which the proxy says who asks, such as x-forwarded-for."
                    .to_owned(),
            );
        }
        warnings
    }

    fn media_warning(&self) -> Option<String> {
        let config = &self.config;
        if !config.media.advertise.is_empty() {
            return None;
        }
        let is_published = config.public_url.is_some() || !config.listen.ip().is_loopback();
        let address = config.media.listen;
        if is_published && address.ip().is_loopback() {
            return Some(format!(
                "Sound and picture are expected at {address}, which no other machine can reach. Set `media.listen` to \
                 0.0.0.0:{}, and `media.advertise` to the public address of this machine.",
                address.port()
            ));
        }
        address.ip().is_unspecified().then(|| {
            "`media.advertise` is not set: browsers are told the address by which this machine reaches others. Behind NAT \
             or in a container that is not the one by which it is reached."
                .to_owned()
        })
    }
}

impl Config {
    fn shown(&self, setting: Setting) -> String {
        fn or_none<T: ToString>(value: Option<T>) -> String {
            value.map_or_else(|| "(none)".to_owned(), |value| value.to_string())
        }
        let switch = |on: bool| if on { "on" } else { "off" }.to_owned();
        match setting {
            Setting::Listen => self.listen.to_string(),
            Setting::Data => self.data.display().to_string(),
            Setting::PublicUrl => or_none(self.base()),
            Setting::ClientAddressHeader => or_none(self.client_address_header.as_ref()),
            Setting::MediaListen => self.media.listen.to_string(),
            Setting::MediaAdvertise => {
                let texts: Vec<_> = self.media.advertise.iter().map(ToString::to_string).collect();
                or_none((!texts.is_empty()).then(|| texts.join(",")))
            }
            Setting::OrganisationName => self.organisation.name.clone(),
            Setting::OrganisationAccent => self.organisation.accent.to_string(),
            Setting::OrganisationLogo => or_none(self.organisation.logo.as_ref().map(|path| path.display())),
            Setting::OrganisationPhone => {
                or_none(Some(&self.organisation.contact.phone).filter(|text| !text.is_empty()))
            }
            Setting::OrganisationEmail => {
                or_none(Some(&self.organisation.contact.email).filter(|text| !text.is_empty()))
            }
            Setting::OrganisationPrivacyUrl => or_none(self.organisation.privacy_url.as_ref()),
            Setting::OrganisationImprintUrl => or_none(self.organisation.imprint_url.as_ref()),
            Setting::TeamsConnectionString => or_none(self.teams.connection_string.as_ref().map(|_| "…")),
            Setting::TeamsEndpoint => or_none(self.teams.endpoint.as_ref()),
            Setting::TeamsTenant => or_none(self.teams.tenant.as_ref()),
            Setting::TeamsClientId => or_none(self.teams.client_id.as_ref()),
            Setting::TeamsClientSecret => or_none(self.teams.client_secret.as_ref().map(|_| "…")),
            Setting::TeamsCertificate => or_none(self.teams.certificate.as_ref().map(|path| path.display())),
            Setting::TeamsManagedIdentity => switch(self.teams.managed_identity),
            Setting::TeamsGraph => switch(self.teams.graph),
            Setting::TeamsScope => self.teams.scope.clone(),
            Setting::TeamsApiVersion => self.teams.api_version.clone(),
            Setting::TeamsChat => switch(self.teams.chat),
            Setting::TeamsWebinars => switch(self.teams.webinars),
            Setting::TeamsClient => or_none(self.teams.client.as_ref().map(|path| path.display())),
            Setting::TeamsMinutePrice => self.teams.minute_price.clone(),
            Setting::TeamsMessagePrice => self.teams.message_price.clone(),
            Setting::TeamsCurrency => self.teams.currency.clone(),
            Setting::TeamsLoginUrl => or_none(self.teams.login_url.as_ref()),
            Setting::TeamsGraphUrl => or_none(self.teams.graph_url.as_ref()),
            Setting::TeamsConnect => or_none((!self.teams.connect.is_empty()).then(|| self.teams.connect.join(","))),
            Setting::LogFilter => self.log.filter.clone(),
            Setting::LogFormat => self.log.format.as_str().to_owned(),
        }
    }
}
