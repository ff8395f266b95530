use crate::forms::FieldErrors;
use leptos::prelude::*;

use super::{Icon, IconName, field_id};

/// What is wrong with a form, in one place above it, each sentence leading to its field.
#[component]
pub fn FormErrors(errors: FieldErrors) -> impl IntoView {
    (!errors.is_empty()).then(|| {
        let title = t!(guest::field::errors { count: errors.0.len() });
        view! {
            <div class="notice notice--danger" role="alert" id="form-errors" tabindex="-1">
                <Icon name=IconName::Danger />
                <div class="notice__body">
                    <p class="notice__title">{title}</p>
                    <ul class="notice__list">
                        {errors
                            .0
                            .into_iter()
                            .map(|(name, sentence)| {
                                // The empty name is the form as a whole.
                                if name.is_empty() {
                                    view! { <li>{sentence}</li> }.into_any()
                                } else {
                                    view! {
                                        <li>
                                            <a href=format!("#{}", field_id(&name)) rel="external">
                                                {sentence}
                                            </a>
                                        </li>
                                    }
                                        .into_any()
                                }
                            })
                            .collect_view()}
                    </ul>
                </div>
            </div>
        }
    })
}
