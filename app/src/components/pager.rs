use leptos::prelude::*;

use super::{Icon, IconName, with_query};

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
    /// What is counted: "consultations".
    #[prop(into)]
    noun: String,
) -> impl IntoView {
    let Extent { pages, first, last } = Extent::of(page, page_size, total);
    let to = |page: u32| {
        with_query(
            &path,
            &query,
            "page",
            &if page <= 1 { String::new() } else { page.to_string() },
        )
    };
    let summary = if total == 0 {
        format!("No {noun}")
    } else {
        format!("{first}–{last} of {total} {noun}")
    };
    view! {
        <nav class="pager" aria-label="Pages">
            <p class="pager__summary">{summary}</p>
            {(pages > 1)
                .then(|| {
                    view! {
                        <div class="pager__links">
                            {(page > 1)
                                .then(|| {
                                    view! {
                                        <a class="button" rel="prev" href=to(page - 1)>
                                            <Icon name=IconName::Back />
                                            "Previous"
                                        </a>
                                    }
                                })}
                            <span class="pager__place">{format!("Page {page} of {pages}")}</span>
                            {(page < pages)
                                .then(|| {
                                    view! {
                                        <a class="button" rel="next" href=to(page + 1)>
                                            "Next"
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
}
