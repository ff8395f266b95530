use anteroom_domain::value::Language;
use anteroom_i18n::find;
use anteroom_service::{Actor, Error};
use axum::extract::State;
use axum::response::Response;
use http::Uri;
use http::header::SET_COOKIE;
use serde::Deserialize;

use super::{Asked, Form, see};
use crate::cookies;
use crate::state::AppState;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LanguageForm {
    /// A tag.
    pub language: String,
    /// The page on which it was chosen.
    pub back: String,
}

/// Back to the page, in the language that was chosen. It is kept in the browser and with the account or the guest; what is
/// none of ours changes nothing.
pub async fn choose(State(app): State<AppState>, asked: Asked, Form(form): Form<LanguageForm>) -> Response {
    let back = local(&form.back);
    let mut response = see(back.as_ref().map_or("/", |(address, _)| address));
    let Some(chosen) = find(form.language.trim()) else {
        return response;
    };
    let link = back
        .as_ref()
        .and_then(|(_, path)| path.strip_prefix("/j/")?.split('/').next());
    let actor = asked.actor.clone().or_else(|| link.map(Actor::with_link));
    if let (Some(actor), Ok(language)) = (actor, chosen.tag.parse::<Language>()) {
        match app.use_cases.choose_language(&actor, language).await {
            // A link that leads nowhere: there is nobody to keep it with.
            Ok(()) | Err(Error::NotFound) => {}
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a language is kept in the browser alone"
            ),
        }
    }
    let cookie = cookies::set(&app.site, cookies::LANGUAGE, chosen.tag, Some(cookies::YEAR_SECONDS));
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// An address of this site, and its path.
fn local(back: &str) -> Option<(String, String)> {
    // A browser reads `//host` and `/\host` as another site.
    let is_local = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\');
    let uri: Uri = is_local.then(|| back.parse().ok())??;
    Some((uri.to_string(), uri.path().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_of_language_leads_to_no_other_site() {
        for back in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "evil",
            "/\r\nx: y",
        ] {
            assert_eq!(local(back), None, "{back:?}");
        }
        let (address, path) = local("/consultations?state=live").unwrap();
        assert_eq!(
            (address.as_str(), path.as_str()),
            ("/consultations?state=live", "/consultations")
        );
    }
}
