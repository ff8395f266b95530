//! Branches, services and accounts as lists show them: filtered, sorted and paged by what the address says, like the list
//! of consultations. There are hundreds of them at most, so that this is done on what is read anyway.

use serde::{Deserialize, Serialize};

/// A list as its address asks for it; what makes no sense there is left out rather than refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FindForm {
    pub q: String,
    pub branch: String,
    /// `on` or `off`: in use or not.
    pub state: String,
    pub sort: String,
    /// "1" for downwards, or empty.
    pub desc: String,
    pub page: String,
}

/// A page of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found<T> {
    pub rows: Vec<T>,
    pub total: i64,
    pub page: u32,
}

/// What is known of a row: what it is found by, and what it is sorted by.
#[cfg(feature = "ssr")]
pub struct Traits<'a> {
    pub texts: Vec<&'a str>,
    pub branch: Option<anteroom_domain::id::BranchId>,
    pub active: bool,
    /// By the column that was asked for, unless that is the name.
    pub key: Option<String>,
}

#[cfg(feature = "ssr")]
impl FindForm {
    /// `traits` tells them of a row; the first of its texts is its name.
    pub fn find<T>(&self, rows: Vec<T>, traits: impl Fn(&T) -> Traits<'_>) -> Found<T> {
        use anteroom_domain::text::fold;
        use anteroom_domain::view::PAGE_SIZE;
        let wanted = fold(self.q.trim());
        let branch = self.branch.parse().ok();
        let mut rows: Vec<T> = rows
            .into_iter()
            .filter(|row| {
                let traits = traits(row);
                traits.texts.iter().any(|text| fold(text).contains(&wanted))
                    && (branch.is_none() || traits.branch == branch)
                    && match self.state.as_str() {
                        "on" => traits.active,
                        "off" => !traits.active,
                        _ => true,
                    }
            })
            .collect();
        rows.sort_by_cached_key(|row| {
            let traits = traits(row);
            let name = traits.texts.first().map(|name| fold(name));
            (traits.key.map(|key| fold(&key)), name)
        });
        if !self.desc.is_empty() {
            rows.reverse();
        }
        let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let page = self.page.parse().unwrap_or(1).max(1);
        let size = usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
        let before = usize::try_from(page - 1).unwrap_or(usize::MAX).saturating_mul(size);
        Found {
            rows: rows.into_iter().skip(before).take(size).collect(),
            total,
            page,
        }
    }
}

/// Of the whole organisation, no more than the first steps ask for: a page carries its own rows.
#[cfg(feature = "ssr")]
pub fn for_first_steps(mut choices: anteroom_domain::view::Choices) -> anteroom_domain::view::Choices {
    choices.services = choices
        .services
        .into_iter()
        .filter(|service| service.active)
        .take(1)
        .collect();
    choices.hosts = choices
        .hosts
        .into_iter()
        .filter(|account| account.active && account.branch.is_some())
        .take(1)
        .collect();
    choices
}
