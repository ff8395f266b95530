use anteroom_domain::view::Day;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// Whose consultations a person looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    #[default]
    Everybodys,
    Mine,
}

impl Whose {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Everybodys => "everybody",
            Self::Mine => "mine",
        }
    }

    #[cfg(feature = "ssr")]
    fn parse(text: &str) -> Option<Self> {
        [Self::Everybodys, Self::Mine]
            .into_iter()
            .find(|whose| whose.as_str() == text)
    }
}

/// A day as somebody looks at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub day: Day,
    pub whose: Whose,
    /// Somebody else has consultations on this day.
    pub has_others: bool,
}

/// The consultations of a day (`YYYY-MM-DD`; empty is today). `whose` is what was chosen just now; empty is what this
/// browser chose last.
#[server(endpoint = "consultation/day", input = GetUrl)]
pub async fn show_day(date: String, whose: String) -> Result<Shown, ApiError> {
    use crate::api::context::{services, staff};
    let date = anteroom_domain::form::check_date(&date).ok();
    let mut day = services()?.day(&staff()?, date).await?;
    let whose = match Whose::parse(&whose) {
        Some(chosen) => {
            choice::keep(chosen);
            chosen
        }
        None => choice::kept().unwrap_or_default(),
    };
    let me = day.me;
    let has_others = day.rows.iter().any(|row| row.host != me);
    if whose == Whose::Mine {
        day.rows.retain(|row| row.host == me);
    }
    Ok(Shown { day, whose, has_others })
}

/// In a cookie, so that the page comes as it was left.
#[cfg(feature = "ssr")]
mod choice {
    use http::header::{COOKIE, SET_COOKIE};
    use http::{HeaderValue, request::Parts};
    use leptos::prelude::use_context;

    use super::Whose;
    use crate::api::Base;

    const NAME: &str = "anteroom-whose";
    const YEAR_SECONDS: u32 = 365 * 24 * 3600;

    pub fn keep(whose: Whose) {
        let is_secure = use_context::<Base>().is_some_and(|base| base.0.starts_with("https:"));
        let secure = if is_secure { "; Secure" } else { "" };
        let cookie = format!(
            "{NAME}={}; Path=/; Max-Age={YEAR_SECONDS}; HttpOnly; SameSite=Lax{secure}",
            whose.as_str()
        );
        if let (Some(response), Ok(cookie)) = (
            use_context::<leptos_axum::ResponseOptions>(),
            HeaderValue::from_str(&cookie),
        ) {
            response.append_header(SET_COOKIE, cookie);
        }
    }

    pub fn kept() -> Option<Whose> {
        let parts = use_context::<Parts>()?;
        let cookies = parts.headers.get_all(COOKIE).into_iter();
        let mut pairs = cookies.flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
        pairs.find_map(|pair| {
            let value = pair.trim_ascii().strip_prefix(NAME.as_bytes())?.strip_prefix(b"=")?;
            Whose::parse(std::str::from_utf8(value).ok()?)
        })
    }
}
