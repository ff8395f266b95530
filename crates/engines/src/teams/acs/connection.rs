use anteroom_http::is_origin;
use url::{Host, Url};

use super::sign::Key;

/// `endpoint=https://<resource>.communication.azure.com/;accesskey=<base64>`
#[derive(Clone, Debug)]
pub struct ConnectionString {
    pub endpoint: Url,
    pub key: Key,
}

/// Never says what was there: half of it is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error(
        "The connection string is not of the form endpoint=https://…;accesskey=…: copy it from \"Keys\" of the \
         Communication Services resource in the Azure portal."
    )]
    Shape,
    #[error("The connection string’s endpoint is not an address such as https://….communication.azure.com/.")]
    Endpoint,
    #[error(
        "The connection string’s endpoint begins with http://, so that anybody on the way could read the guests' tokens: \
         write https://. Only what runs on this machine may do without."
    )]
    Plain,
    #[error(
        "The connection string’s access key is not Base64: copy it again, in full, from \"Keys\" of the Communication \
         Services resource in the Azure portal."
    )]
    Key,
}

impl std::str::FromStr for ConnectionString {
    type Err = Unusable;

    fn from_str(text: &str) -> Result<Self, Unusable> {
        let (mut endpoint, mut key) = (None, None);
        for part in text.trim().split(';').filter(|part| !part.trim().is_empty()) {
            let (name, value) = part.split_once('=').ok_or(Unusable::Shape)?;
            let place = match name.trim().to_ascii_lowercase().as_str() {
                "endpoint" => &mut endpoint,
                "accesskey" => &mut key,
                _ => return Err(Unusable::Shape),
            };
            if place.replace(value.trim()).is_some() {
                return Err(Unusable::Shape);
            }
        }
        let (endpoint, key) = endpoint.zip(key).ok_or(Unusable::Shape)?;
        Ok(Self {
            endpoint: self::endpoint(endpoint)?,
            key: Key::from_base64(key).ok_or(Unusable::Key)?,
        })
    }
}

/// The address of an ACS resource: a host, and nothing behind it.
pub fn endpoint(text: &str) -> Result<Url, Unusable> {
    let url = Url::parse(text).map_err(|_| Unusable::Endpoint)?;
    match (is_origin(&url), url.scheme()) {
        (false, _) => Err(Unusable::Endpoint),
        (true, "http") if !is_here(&url) => Err(Unusable::Plain),
        (true, _) => Ok(url),
    }
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_string_is_read_as_microsofts_clients_read_it() {
        for text in [
            "endpoint=https://bank.communication.azure.com/;accesskey=cHc=",
            "endpoint=https://bank.communication.azure.com;accesskey=cHc=",
            "Endpoint=https://bank.communication.azure.com/;AccessKey=cHc=;",
            " accesskey=cHc=;endpoint=https://bank.communication.azure.com/\n",
        ] {
            let read: ConnectionString = text.parse().unwrap();
            assert_eq!(
                read.endpoint.as_str(),
                "https://bank.communication.azure.com/",
                "{text}"
            );
        }
    }

    #[test]
    fn only_this_machine_may_be_asked_without_tls() {
        for (endpoint, read) in [
            ("http://127.0.0.1:18080/", Ok(())),
            ("http://[::1]:18080", Ok(())),
            ("HTTP://LOCALHOST:18080", Ok(())),
            ("http://bank.communication.azure.com/", Err(Unusable::Plain)),
            ("http://localhost.example/", Err(Unusable::Plain)),
            ("http://127.0.0.1.example/", Err(Unusable::Plain)),
            ("http://10.0.0.1/", Err(Unusable::Plain)),
        ] {
            let text = format!("endpoint={endpoint};accesskey=cHc=");
            assert_eq!(text.parse::<ConnectionString>().map(drop), read, "{endpoint}");
        }
    }

    #[test]
    fn what_is_no_connection_string_is_refused_without_being_repeated() {
        for (text, why) in [
            ("", Unusable::Shape),
            ("cHc=", Unusable::Shape),
            ("endpoint=https://bank.communication.azure.com/", Unusable::Shape),
            ("accesskey=cHc=", Unusable::Shape),
            (
                "endpoint=https://a/;endpoint=https://b/;accesskey=cHc=",
                Unusable::Shape,
            ),
            ("endpoint=https://a/;accesskey=cHc=;color=red", Unusable::Shape),
            ("endpoint=bank;accesskey=cHc=", Unusable::Endpoint),
            ("endpoint=ftp://bank/;accesskey=cHc=", Unusable::Endpoint),
            ("endpoint=https://user:pw@bank/;accesskey=cHc=", Unusable::Endpoint),
            ("endpoint=https://bank/identities;accesskey=cHc=", Unusable::Endpoint),
            ("endpoint=https://bank/;accesskey=", Unusable::Key),
            ("endpoint=https://bank/;accesskey=s€cret", Unusable::Key),
        ] {
            let refused = text.parse::<ConnectionString>().unwrap_err();
            assert_eq!(refused, why, "{text}");
            assert!(!refused.to_string().contains("cHc"));
        }
    }
}
