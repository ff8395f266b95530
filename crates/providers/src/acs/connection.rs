use url::Url;

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
    #[error("The connection string's endpoint is not an address such as https://….communication.azure.com/.")]
    Endpoint,
    #[error(
        "The connection string's access key is not Base64: copy it again, in full, from \"Keys\" of the Communication \
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
    let plain = matches!(url.scheme(), "https" | "http")
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    plain.then_some(url).ok_or(Unusable::Endpoint)
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
