use leptos::prelude::*;

/// One tap of five. In a form each star sends it; with `on_choose` it is told to that instead.
#[component]
pub fn Stars(
    #[prop(into)] rating: Signal<Option<u8>>,
    #[prop(optional)] on_choose: Option<Callback<u8>>,
) -> impl IntoView {
    let words = [
        t!(guest::rating::very_bad),
        t!(guest::rating::bad),
        t!(guest::rating::all_right),
        t!(guest::rating::good),
        t!(guest::rating::very_good),
    ];
    let kind = if on_choose.is_some() { "button" } else { "submit" };
    view! {
        <div class="stars" role="group" aria-label=t!(guest::rating::label)>
            {(1..=5u8)
                .zip(words)
                .map(|(stars, word)| {
                    view! {
                        <button
                            class="stars__star"
                            class:is-chosen=move || rating.get().is_some_and(|rating| stars <= rating)
                            type=kind
                            name="stars"
                            value=stars.to_string()
                            aria-pressed=move || if rating.get() == Some(stars) { "true" } else { "false" }
                            on:click=move |_| {
                                if let Some(on_choose) = on_choose {
                                    on_choose.run(stars);
                                }
                            }
                        >
                            <span aria-hidden="true">"★"</span>
                            <span class="stars__word">{word}</span>
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
