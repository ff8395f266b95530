use anteroom_domain::view::{Choices, Day};
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
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Everybodys, Self::Mine]
            .into_iter()
            .find(|whose| whose.as_str() == text)
    }
}

/// What this browser chose last, and the way to keep another choice. In the context of every page.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct WhoseKept {
    pub last: Option<Whose>,
    pub keep: std::sync::Arc<dyn Fn(Whose) + Send + Sync>,
}

/// A day as somebody looks at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub day: Day,
    pub whose: Whose,
    /// Somebody else has consultations on this day.
    pub has_others: bool,
    /// For an administrator whose day is empty: what there is so far.
    pub so_far: Option<Choices>,
}

/// The consultations of a day (`YYYY-MM-DD`; empty is today). `whose` is what was chosen just now; empty is what this
/// browser chose last.
#[server(endpoint = "consultation/day", input = GetUrl)]
pub async fn show_day(date: String, whose: String) -> Result<Shown, ApiError> {
    use crate::api::context::{actor, use_cases};
    let date = anteroom_domain::value::check_date(&date).ok();
    let (use_cases, actor) = (use_cases()?, actor()?);
    let staff = actor.staff()?;
    let mut day = use_cases.day(&actor, date).await?;
    let so_far = if staff.is_admin() && day.rows.is_empty() {
        Some(use_cases.organisation(&actor).await?)
    } else {
        None
    };
    let kept = use_context::<WhoseKept>();
    let whose = match (Whose::parse(&whose), kept) {
        (Some(chosen), Some(kept)) => {
            (kept.keep)(chosen);
            chosen
        }
        (chosen, kept) => chosen.or(kept.and_then(|kept| kept.last)).unwrap_or_default(),
    };
    let me = day.me;
    let has_others = day.rows.iter().any(|row| row.host != me);
    if whose == Whose::Mine {
        day.rows.retain(|row| row.host == me);
    }
    Ok(Shown {
        day,
        whose,
        has_others,
        so_far,
    })
}
