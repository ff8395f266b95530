use anteroom_domain::id::ConsultationId;
use anteroom_domain::organisation::Consent;
use anteroom_domain::visit::Role;
use leptos::{context::Provider, prelude::*};

use super::{
    join::{Join, Rate},
    stage::CallStage,
    state::Call,
    view::{CallScreen, JoiningScreen, Lobby, Over, Prejoin},
};

/// A meeting from pre-join to the last screen. One a page; it has the page's `<h1>` and no landmark.
///
/// The server renders the pre-join screen with its buttons off; they work once the browser part is there. A tab that
/// holds a seat (a reload in the call) goes on from there by itself.
#[component]
pub fn Meeting(
    /// The meeting's title: "Mortgage advice with Anna Keller".
    #[prop(into)]
    heading: String,
    /// The person's name, as far as it is known.
    #[prop(into)]
    name: String,
    /// May the person change their name? Staff go by their account's name.
    name_editable: bool,
    role: Role,
    /// The text that the person must agree to before they join.
    #[prop(optional_no_strip)]
    consent: Option<Consent>,
    /// Asks the server for a seat.
    join: Join,
    /// Sends the rating to the server, where the page asks for one.
    #[prop(optional)]
    rate: Option<Rate>,
    /// The action of the host's form about the outcome.
    #[prop(optional)]
    outcome: Option<String>,
    /// Notes of staff, which guests do not see.
    #[prop(optional)]
    notes: String,
    /// The consultation whose *Admit*, clicked elsewhere, may have led here.
    #[prop(optional)]
    admits: Option<ConsultationId>,
    /// The key under which this tab remembers its seat, such as `seat:host:42`: one for each consultation and role.
    #[prop(into)]
    storage_key: String,
    /// The page that the last screen leads to: the guest's appointment, or the host's consultation.
    #[prop(into)]
    after: String,
) -> impl IntoView {
    let call = Call::new(role);
    call.meeting.notes.set_value(notes);

    #[cfg(feature = "hydrate")]
    {
        let title: crate::components::TitleNote = use_context().unwrap_or_default();
        let running = StoredValue::new_local(None);
        let start = StoredValue::new(Some(super::driver::Start {
            call,
            join,
            heading: heading.clone(),
            storage_key,
            title,
            admits: admits.is_some_and(crate::browser::admit::take),
        }));
        on_cleanup(move || title.set(String::new()));
        // An effect runs after hydration, so that the first screen is the one that the server rendered.
        Effect::new(move |_| {
            if let Some(start) = start.try_update_value(Option::take).flatten() {
                running.set_value(Some(super::driver::start(start)));
            }
        });
    }
    #[cfg(not(feature = "hydrate"))]
    drop((join, storage_key, admits));

    // Compared by its word: going from Connecting to InCall keeps the screen.
    let stage = Memo::new(move |_| call.stage.with(CallStage::word));
    view! {
        <Provider value=call>
            <div class="meeting" data-stage=move || stage.get()>
                // Always there: screen readers often miss a region that comes together with its text.
                <div class="visually-hidden" role="log" aria-live="polite" aria-label=t!(guest::announce::what_happened) data-test="announcements">
                    <For each=move || call.notices.announcements.get().lines() key=|(number, _)| *number let:line>
                        <p>{line.1}</p>
                    </For>
                </div>
                {move || match stage.get() {
                    "joining" => view! { <JoiningScreen heading=heading.clone() /> }.into_any(),
                    "lobby" => view! { <Lobby heading=heading.clone() /> }.into_any(),
                    "call" => view! { <CallScreen heading=heading.clone() /> }.into_any(),
                    "over" => view! { <Over after=after.clone() rate=rate.clone() outcome=outcome.clone() /> }.into_any(),
                    _ => {
                        view! { <Prejoin heading=heading.clone() name=name.clone() name_editable consent=consent.clone() /> }
                            .into_any()
                    }
                }}
            </div>
        </Provider>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::call::SeatToken;

    fn markup(name: &str, role: Role) -> String {
        let name = name.to_owned();
        Owner::new().with(|| {
            let join = Join::new(|_| async { Ok(SeatToken { token: "a seat".into() }) });
            view! {
                <Meeting
                    heading="Mortgage advice with Anna Keller"
                    name=name
                    name_editable=true
                    role
                    join
                    storage_key="seat:guest:1"
                    after="/after"
                />
            }
            .to_html()
        })
    }

    #[test]
    fn the_server_renders_the_form_with_its_buttons_off() {
        let html = markup("Ana Moreno", Role::Guest);
        for part in [
            "data-test=\"prejoin\"",
            "Mortgage advice with Anna Keller",
            "Getting ready…",
            "Ana Moreno",
            "disabled",
        ] {
            assert!(html.contains(part), "no {part} in {html}");
        }
    }

    #[test]
    fn no_style_attribute_and_no_markup_from_a_name() {
        let html = markup("\"><script>alert(1)</script>", Role::Guest);
        assert!(!html.contains(" style="), "{html}");
        assert!(!html.contains("<script>"), "{html}");
    }

    #[test]
    fn a_viewer_is_asked_for_no_device() {
        let html = markup("Ana", Role::Attendee);
        assert!(!html.contains("prejoin-enable") && !html.contains("<video"), "{html}");
    }
}
