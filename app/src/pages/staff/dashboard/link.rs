use anteroom_domain::figures::Outcome;

use crate::api::report::figures::RangeForm;

/// What the rows of a breakdown are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    Day,
    Branch,
    Service,
    Host,
}

/// What a figure's consultations have in common beyond the range and its filters.
#[derive(Clone, Default)]
pub struct Drill<'a> {
    pub outcome: Option<Outcome>,
    /// A filter of the list and its value: the row of a breakdown.
    pub group: Option<(GroupBy, &'a str)>,
}

/// The consultations behind a figure, or the same range elsewhere.
pub fn link(path: &str, form: &RangeForm, drill: Drill<'_>) -> String {
    let mut form = form.clone();
    match drill.group {
        Some((GroupBy::Day, day)) => {
            day.clone_into(&mut form.from);
            day.clone_into(&mut form.to);
        }
        Some((GroupBy::Branch, id)) => id.clone_into(&mut form.branch),
        Some((GroupBy::Service, id)) => id.clone_into(&mut form.service),
        Some((GroupBy::Host, id)) => id.clone_into(&mut form.host),
        None => {}
    }
    let pairs: Vec<(&str, &str)> = [
        ("from", form.from.as_str()),
        ("to", &form.to),
        ("branch", &form.branch),
        ("service", &form.service),
        ("host", &form.host),
        ("outcome", drill.outcome.map(<&str>::from).unwrap_or_default()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .collect();
    match serde_urlencoded::to_string(&pairs) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths;

    #[test]
    fn a_figure_leads_to_its_own_consultations() {
        let form = RangeForm {
            from: "2027-03-01".into(),
            to: "2027-03-31".into(),
            branch: "2".into(),
            ..RangeForm::default()
        };
        let of = |outcome, group| link(paths::CONSULTATIONS, &form, Drill { outcome, group });
        assert_eq!(
            of(Some(Outcome::MissedByHost), None),
            "/consultations?from=2027-03-01&to=2027-03-31&branch=2&outcome=missed_by_host"
        );
        assert_eq!(
            of(None, Some((GroupBy::Day, "2027-03-07"))),
            "/consultations?from=2027-03-07&to=2027-03-07&branch=2"
        );
        assert_eq!(
            of(None, Some((GroupBy::Host, "9"))),
            "/consultations?from=2027-03-01&to=2027-03-31&branch=2&host=9"
        );
    }
}
