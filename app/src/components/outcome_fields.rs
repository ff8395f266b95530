use anteroom_domain::consultation::Conclusion;
use leptos::prelude::*;

use super::TextArea;

/// What staff note once a consultation is over: how it was left, and a few words.
#[component]
pub fn OutcomeFields(
    #[prop(into)] outcome: String,
    #[prop(optional_no_strip)] conclusion: Option<Conclusion>,
    #[prop(optional_no_strip)] error: Option<String>,
) -> impl IntoView {
    let choice = move |of: Conclusion| {
        let (label, value) = (conclusion_text(of), of.into_str());
        view! {
            <label class="choices__choice">
                <input type="radio" name="conclusion" value=value checked=conclusion == Some(of) />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choices">
            <legend class="field__label">"How was it left?"</legend>
            <div class="choices__all">{Conclusion::ALL.map(choice).collect_view()}</div>
        </fieldset>
        <TextArea name="outcome" label="What came of it" value=outcome error hint="For staff. The guest does not see it." rows=3 optional=true />
    }
}

pub fn conclusion_text(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Settled => "Settled",
        Conclusion::FollowUp => "Follow-up needed",
        Conclusion::Unsettled => "Not settled",
    }
}
