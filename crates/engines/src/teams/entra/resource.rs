//! What tokens are for. Each of Microsoft's clouds has its own services, and a token for another cloud's buys nothing.

use anteroom_http::is_near;
use url::Url;

/// ACS in the public cloud. The slash belongs to the name, which makes two in its scope.
pub const ACS: &str = "https://communication.azure.com/";
/// ACS in the US government's cloud.
const ACS_US: &str = "https://communication.azure.us";
/// Graph in the public cloud.
pub const GRAPH: &str = "https://graph.microsoft.com";

/// For the ACS resource at this endpoint.
pub fn acs_of(endpoint: &Url) -> &'static str {
    let is_us = endpoint
        .host_str()
        .is_some_and(|host| host.ends_with(".communication.azure.us"));
    if is_us { ACS_US } else { ACS }
}

/// For Graph at this address: a cloud's Graph is called by its address. On this machine an emulator of the public one
/// listens.
pub fn graph_of(url: &Url) -> String {
    if is_near(url) {
        GRAPH.to_owned()
    } else {
        url.origin().ascii_serialization()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_clouds_services_have_their_own_name() {
        for (endpoint, name) in [
            ("https://bank.communication.azure.com/", ACS),
            ("https://bank.unitedstates.communication.azure.com/", ACS),
            ("https://bank.communication.azure.us/", ACS_US),
            ("https://bank.COMMUNICATION.azure.us", ACS_US),
            ("https://bank.communication.azure.us.example/", ACS),
            ("http://127.0.0.1:18080/", ACS),
        ] {
            assert_eq!(acs_of(&endpoint.parse().unwrap()), name, "{endpoint}");
        }
        for (url, name) in [
            ("https://graph.microsoft.com/", GRAPH),
            ("https://graph.microsoft.us", "https://graph.microsoft.us"),
            (
                "https://microsoftgraph.chinacloudapi.cn/",
                "https://microsoftgraph.chinacloudapi.cn",
            ),
            ("http://localhost:18080/", GRAPH),
        ] {
            assert_eq!(graph_of(&url.parse().unwrap()), name, "{url}");
        }
    }
}
