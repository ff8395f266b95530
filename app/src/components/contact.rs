use anteroom_domain::organisation::Contact as Reach;
use anteroom_domain::time::OpeningHours;
use leptos::prelude::*;

use super::CallNumber;
use crate::language::lang;
use crate::paths;
use crate::words::hours_text;

/// How to reach a branch, or the organisation. Nothing where it says nothing of it.
#[component]
pub fn Contact(
    /// Its name.
    #[prop(into)]
    of: String,
    contact: Reach,
    #[prop(optional)] hours: Option<OpeningHours>,
) -> impl IntoView {
    if contact.is_empty() {
        return ().into_any();
    }
    let Reach { phone, email, address } = contact;
    let hours = hours.filter(|_| !phone.is_empty() || !address.is_empty());
    let label = t!(guest::contact::label { name: &of });
    view! {
        <section class="contact" aria-label=label data-test="contact">
            <p class="contact__name">{of}</p>
            <ul class="contact__ways">
                {(!phone.is_empty()).then(|| view! { <li><CallNumber number=phone /></li> })}
                {(!email.is_empty()).then(|| view! { <li><a href=paths::mail_to(&email)>{email.clone()}</a></li> })}
                {(!address.is_empty()).then(|| view! { <li class="contact__address"><bdi>{address}</bdi></li> })}
                {hours.map(|hours| view! { <li>{t!(guest::contact::hours { hours: hours_text(lang(), hours) })}</li> })}
            </ul>
        </section>
    }
    .into_any()
}
