use anteroom_domain::view::{Choices, ConsultationPage, ListQuery};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// A list as its URL asks for it; what makes no sense there is left out rather than refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListForm {
    /// First and last day, `YYYY-MM-DD`, in the zone of who looks.
    pub from: String,
    pub to: String,
    pub branch: String,
    pub service: String,
    pub host: String,
    pub outcome: String,
    pub q: String,
    pub sort: String,
    /// "1" for downwards, or empty.
    pub desc: String,
    pub page: String,
}

impl ListForm {
    pub fn query(&self, zone: &anteroom_domain::time::Zone) -> ListQuery {
        use anteroom_domain::figures::Outcome;
        use anteroom_domain::time::day;
        use anteroom_domain::value::check_date;
        use anteroom_domain::view::Sort;
        ListQuery {
            from: check_date(&self.from)
                .ok()
                .and_then(|date| day(date, zone))
                .map(|day| day.from),
            until: check_date(&self.to)
                .ok()
                .and_then(|date| day(date, zone))
                .map(|day| day.until),
            branch: self.branch.parse().ok(),
            service: self.service.parse().ok(),
            host: self.host.parse().ok(),
            outcome: self.outcome.parse::<Outcome>().ok(),
            search: self.q.chars().take(100).collect(),
            sort: self.sort.parse::<Sort>().unwrap_or_default(),
            descending: !self.desc.is_empty(),
            around: None,
            page: self.page.parse().unwrap_or(1),
        }
    }
}

/// Of a list without an order, so much of what has begun stands with what is to come: it may be running, or just over.
#[cfg(feature = "ssr")]
const STILL_NEAR: jiff::SignedDuration = jiff::SignedDuration::from_mins(60);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    pub page: ConsultationPage,
    pub choices: Choices,
    pub zone: anteroom_domain::time::Zone,
    pub now: jiff::Timestamp,
}

#[server(endpoint = "consultation/list", input = GetUrl)]
pub async fn list_consultations(form: ListForm) -> Result<List, ApiError> {
    use crate::api::context::{actor, use_cases};
    let (use_cases, actor) = (use_cases()?, actor()?);
    let staff = actor.staff()?;
    let zone = staff.account().zone.clone();
    let query = anteroom_domain::view::ListQuery {
        around: form.sort.is_empty().then(|| use_cases.now() - STILL_NEAR),
        ..form.query(&zone)
    };
    let page = use_cases.consultations(&actor, query).await?;
    let choices = use_cases.organisation(&actor).await?;
    Ok(List {
        page,
        choices,
        zone,
        now: use_cases.now(),
    })
}
