use anteroom_i18n::KNOWN;
use leptos::prelude::*;

use crate::branding::Branding;
use crate::components::{Card, GuestFrame, Page, PageWidth};

/// `/about`: what this site is made with, and how good its languages are.
#[component]
pub fn AboutPage() -> impl IntoView {
    let organisation = use_context::<Branding>().unwrap_or_default().organisation;
    let languages = KNOWN.iter().map(|known| {
        let state = if known.reviewed {
            t!(guest::about::reviewed)
        } else {
            t!(guest::about::not_reviewed)
        };
        let share = (known.translated < known.sentences).then(|| {
            let share = t!(guest::about::share {
                done: known.translated,
                all: known.sentences
            });
            view! { <dd class="muted">{share}</dd> }
        });
        view! {
            <div class="facts__fact">
                <dt lang=known.tag>
                    <bdi>{known.name}</bdi>
                </dt>
                <dd>{state}</dd>
                {share}
            </div>
        }
    });
    view! {
        <GuestFrame>
            <Page title=t!(guest::about::title) lead=t!(guest::about::lead { organisation: &organisation }) width=PageWidth::Narrow>
                <p>{t!(guest::about::version { version: env!("CARGO_PKG_VERSION") })}</p>
                <Card title=t!(guest::about::languages)>
                    <p>{t!(guest::about::languages_text { organisation: &organisation })}</p>
                    <dl class="facts">{languages.collect_view()}</dl>
                </Card>
            </Page>
        </GuestFrame>
    }
}
