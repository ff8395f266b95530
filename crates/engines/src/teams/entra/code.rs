/// What an operator has to do about one of Entra's errors, where that is known. Its own text is not shown: it holds ids,
/// and what is in it is not ours to vouch for.
pub fn what_to_do(code: &str) -> Option<&'static str> {
    Some(match code {
        "AADSTS90002" | "AADSTS900023" => {
            "There is no such tenant in this cloud: copy the Directory (tenant) ID from the Overview of the app registration \
             into `teams.tenant`, and check `teams.login_url` where the cloud is not the public one."
        }
        "AADSTS700016" => {
            "The tenant has no such application: copy the Application (client) ID from the Overview of the app registration \
             into `teams.client_id`, and check that `teams.tenant` is the tenant in which it was registered."
        }
        "AADSTS7000215" => {
            "The client secret is a wrong one: put the secret’s Value into `teams.client_secret`, not its Secret ID. It is \
             shown only once; if it is lost, add another under Certificates & secrets of the app registration."
        }
        "AADSTS7000222" => {
            "The client secret has expired: add another under Certificates & secrets of the app registration, and put its \
             Value into `teams.client_secret`."
        }
        "AADSTS7000216" | "AADSTS7000218" => {
            "No credential came with the request: set `teams.client_secret`, or `teams.certificate`."
        }
        "AADSTS7000112" => {
            "The application is disabled: under Enterprise applications, open it, then Properties, and enable it for users \
             to sign in."
        }
        "AADSTS700027" => {
            "The certificate is not registered with the application, or has expired: upload the certificate of \
             `teams.certificate` under Certificates & secrets of the app registration."
        }
        "AADSTS700024" => "The certificate’s assertion is outside its five minutes: set this machine’s clock (NTP).",
        "AADSTS700021" | "AADSTS700023" => {
            "The certificate’s assertion is for another application or cloud: check `teams.client_id` and `teams.login_url`."
        }
        "AADSTS500011" | "AADSTS500014" => {
            "The tenant does not know the service that the token is for: check `teams.tenant` and the cloud of \
             `teams.endpoint` and `teams.graph_url`; in a tenant without Azure Communication Services, create the resource \
             first."
        }
        "AADSTS53003" => {
            "A Conditional Access policy blocks the application: exclude it there, under Workload identities."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_mistakes_have_a_remedy_each() {
        let mut seen = Vec::new();
        for (code, part) in [
            ("AADSTS90002", "teams.tenant"),
            ("AADSTS700016", "teams.client_id"),
            ("AADSTS7000215", "not its Secret ID"),
            ("AADSTS7000222", "has expired"),
            ("AADSTS7000216", "teams.client_secret"),
            ("AADSTS700027", "teams.certificate"),
            ("AADSTS700024", "NTP"),
            ("AADSTS500011", "teams.graph_url"),
        ] {
            let advice = what_to_do(code).unwrap_or_default();
            assert!(advice.contains(part), "{code}: {advice}");
            assert!(!seen.contains(&advice), "{code}");
            seen.push(advice);
        }
        assert_eq!(what_to_do("AADSTS1"), None);
        assert_eq!(what_to_do("Denied"), None);
    }
}
