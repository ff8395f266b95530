use leptos::prelude::*;

use super::{Icon, IconName, with_query};

/// What a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    Accounts,
    Branches,
    Consultations,
    Services,
}

impl Listed {
    /// Which of them are shown, or that there are none.
    fn summary(self, Extent { first, last, .. }: Extent, count: i64) -> String {
        match (self, count) {
            (Self::Accounts, 0) => t!(guest::pager::no_accounts).to_owned(),
            (Self::Branches, 0) => t!(guest::pager::no_branches).to_owned(),
            (Self::Consultations, 0) => t!(guest::pager::no_consultations).to_owned(),
            (Self::Services, 0) => t!(guest::pager::no_services).to_owned(),
            (Self::Accounts, count) => t!(guest::pager::accounts { first, last, count }),
            (Self::Branches, count) => t!(guest::pager::branches { first, last, count }),
            (Self::Consultations, count) => t!(guest::pager::consultations { first, last, count }),
            (Self::Services, count) => t!(guest::pager::services { first, last, count }),
        }
    }
}

/// The way through a long list. Its links keep the query of the address.
#[component]
pub fn Pager(
    /// The address of the list, without its query.
    #[prop(into)]
    path: String,
    /// The query of the address that is shown.
    query: Vec<(String, String)>,
    /// From 1.
    page: u32,
    page_size: u32,
    total: i64,
    /// What is counted.
    listed: Listed,
) -> impl IntoView {
    let extent = Extent::of(page, page_size, total);
    let pages = extent.pages;
    let to = |page: u32| {
        with_query(
            &path,
            &query,
            "page",
            &if page <= 1 { String::new() } else { page.to_string() },
        )
    };
    view! {
        <nav class="pager" aria-label=t!(guest::pager::label)>
            <p class="pager__summary">{listed.summary(extent, total)}</p>
            {(pages > 1)
                .then(|| {
                    view! {
                        <div class="pager__links">
                            {(page > 1)
                                .then(|| {
                                    view! {
                                        <a class="button" rel="prev" href=to(page - 1)>
                                            <Icon name=IconName::Back />
                                            {t!(guest::pager::previous)}
                                        </a>
                                    }
                                })}
                            <span class="pager__place">{t!(guest::pager::place { page, pages })}</span>
                            {(page < pages)
                                .then(|| {
                                    view! {
                                        <a class="button" rel="next" href=to(page + 1)>
                                            {t!(guest::pager::next)}
                                            <Icon name=IconName::Forward />
                                        </a>
                                    }
                                })}
                        </div>
                    }
                })}
        </nav>
    }
}

#[derive(Clone, Copy)]
struct Extent {
    pages: u32,
    first: i64,
    last: i64,
}

impl Extent {
    fn of(page: u32, page_size: u32, total: i64) -> Self {
        let size = i64::from(page_size.max(1));
        let total = total.max(0);
        let first = i64::from(page.max(1) - 1) * size + 1;
        Self {
            pages: u32::try_from((total + size - 1) / size).unwrap_or(u32::MAX).max(1),
            first: first.min(total),
            last: (first + size - 1).min(total),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extent_is_right_at_the_edges() {
        let of = |page, total| {
            let Extent { pages, first, last } = Extent::of(page, 25, total);
            (pages, first, last)
        };
        assert_eq!(of(1, 0), (1, 0, 0));
        assert_eq!(of(1, 25), (1, 1, 25));
        assert_eq!(of(2, 26), (2, 26, 26));
        assert_eq!(of(9, 26), (2, 26, 26));
        assert_eq!(of(0, 3), (1, 1, 3));
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn what_is_shown_of_how_many_is_said_in_numbers() {
        let of = |total| Listed::Branches.summary(Extent::of(1, 25, total), total);
        assert_eq!(of(0), "No branches");
        assert_eq!(of(1), "1 branch");
        assert_eq!(of(1_073), "1–25 of 1,073 branches");
    }
}
