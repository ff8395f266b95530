use anteroom_domain::consultation::Conclusion;
use leptos::prelude::*;

use super::TextArea;
use crate::words::conclusion_label;

/// What staff note once a consultation is over: how it was left, and a few words.
#[component]
pub fn OutcomeFields(
    #[prop(into)] outcome: String,
    #[prop(optional_no_strip)] conclusion: Option<Conclusion>,
    #[prop(optional_no_strip)] error: Option<String>,
) -> impl IntoView {
    let choice = move |of: Conclusion| {
        let (label, value) = (conclusion_label(of), of.into_str());
        view! {
            <label class="choices__choice">
                <input type="radio" name="conclusion" value=value checked=conclusion == Some(of) />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choices">
            <legend class="field__label">{t!(staff::outcome::how_left)}</legend>
            <div class="choices__all">{Conclusion::ALL.map(choice).collect_view()}</div>
        </fieldset>
        <TextArea name="outcome" label=t!(staff::outcome::what_came) value=outcome error hint=t!(staff::outcome::hint) rows=3 optional=true />
    }
}
