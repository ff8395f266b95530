use crate::forms::FieldErrors;
use anteroom_domain::figures::{Figures, Range};
use anteroom_domain::value::check_date;
use anteroom_domain::view::Choices;
use anteroom_i18n::Lang;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// A range as its URL asks for it; what is left out is the last thirty days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RangeForm {
    pub from: String,
    pub to: String,
    pub branch: String,
    pub service: String,
    pub host: String,
}

impl RangeForm {
    /// Both days, or a sentence at the field that is none. An end alone is the last day of thirty.
    pub fn days(&self, today: Date, lang: Lang) -> Result<(Date, Date), FieldErrors> {
        let mut errors = FieldErrors::default();
        let to = match self.to.trim() {
            "" => Ok(today),
            text => check_date(text),
        };
        let month_before = to.ok().and_then(|to| to.checked_sub(jiff::Span::new().days(29)).ok());
        let from = if self.from.trim().is_empty() {
            month_before
        } else {
            errors.take(lang, "from", check_date(&self.from))
        };
        let to = errors.take(lang, "to", to);
        match (from, to) {
            (Some(from), Some(to)) if errors.is_empty() => Ok((from, to)),
            _ => Err(errors),
        }
    }

    /// Filters that make no sense are left out rather than refused.
    pub fn range(&self, zone: anteroom_domain::time::Zone, today: Date, lang: Lang) -> Result<Range, FieldErrors> {
        let (from, to) = self.days(today, lang)?;
        let (branch, service, host) = (
            self.branch.parse().ok(),
            self.service.parse().ok(),
            self.host.parse().ok(),
        );
        Ok(Range {
            from,
            to,
            branch,
            service,
            host,
            zone,
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// None where the range can't be; `errors` says why.
    pub figures: Option<Figures>,
    pub errors: FieldErrors,
    pub choices: Choices,
    pub now: jiff::Timestamp,
    /// The zone of who looks, and the day that it is there.
    pub zone: anteroom_domain::time::Zone,
    pub today: Date,
}

#[server(endpoint = "report/figures", input = GetUrl)]
pub async fn show_figures(form: RangeForm) -> Result<Dashboard, ApiError> {
    use crate::api::context::{actor, use_cases};
    use crate::language::lang;
    use crate::words::Sentence as _;
    let (use_cases, actor) = (use_cases()?, actor()?);
    let staff = actor.staff()?;
    let (now, zone) = (use_cases.now(), staff.account().zone.clone());
    let today = zone.at(now).date();
    // Where the range can't be, the page with its filters is the answer: they are where it is put right.
    let (figures, errors) = match form.range(zone.clone(), today, lang()) {
        Err(errors) => (None, errors),
        Ok(range) => match use_cases.figures(&actor, range).await {
            Ok(figures) => (Some(figures), FieldErrors::default()),
            Err(anteroom_service::Error::Report(refusal)) => (None, FieldErrors::one("to", refusal.sentence(lang()))),
            Err(error) => return Err(error.into()),
        },
    };
    Ok(Dashboard {
        figures,
        errors,
        choices: use_cases.organisation(&actor).await?,
        now,
        zone,
        today,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::lang;
    use jiff::civil::date;

    fn form(from: &str, to: &str) -> RangeForm {
        RangeForm {
            from: from.into(),
            to: to.into(),
            ..RangeForm::default()
        }
    }

    #[test]
    fn what_is_left_out_is_the_last_thirty_days() {
        let today = date(2027, 3, 31);
        assert_eq!(form("", "").days(today, lang()).unwrap(), (date(2027, 3, 2), today));
        assert_eq!(
            form("", "2027-01-30").days(today, lang()).unwrap(),
            (date(2027, 1, 1), date(2027, 1, 30))
        );
        assert_eq!(
            form("2027-03-30", "").days(today, lang()).unwrap(),
            (date(2027, 3, 30), today)
        );
    }

    #[test]
    fn a_day_that_is_none_is_an_error_at_its_field() {
        let errors = form("yesterday", "2027-02-30")
            .days(date(2027, 3, 31), lang())
            .unwrap_err();
        assert_eq!(errors.fields(), ["from", "to"]);
    }
}
