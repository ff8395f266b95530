use anteroom_domain::signalling::Role;
use anteroom_domain::teams::end_code::explain;
use leptos::prelude::*;

use super::{focus::StageHeading, teams::OpenElsewhere};
use crate::call::{
    stage::{Stage, Why},
    state::{Call, Command},
    words,
};

/// The last screen: what happened, and the way on.
#[component]
pub fn Over(after: String) -> impl IntoView {
    let call = Call::here();
    let why = call
        .stage
        .with_untracked(|stage| if let Stage::Over(why) = stage { *why } else { Why::Left });
    let stands = call
        .room
        .with_untracked(|room| words::stands(room.as_ref(), call.now.get_untracked()));
    let (heading, text) = words::over(why, call.role, stands);
    let (text, open) = match why {
        Why::Outside { code, sub_code } => {
            let ending = explain(code, sub_code);
            let open = call.outside.get_untracked().and_then(|outside| outside.open);
            (
                ending.sentence.to_string(),
                open.filter(|_| ending.cause.leaves_teams_open()),
            )
        }
        _ => (text.to_owned(), None),
    };
    let again = match why {
        Why::Left | Why::Lost => Some("Join again"),
        Why::Replaced | Why::Rejoined => Some("Use this window instead"),
        // Asks the server, which says no until the host has taken it back: nobody stands before a dead page.
        Why::Declined | Why::Removed => Some("Ask again"),
        Why::Outside { code, sub_code } => explain(code, sub_code).rejoin.then_some("Join again"),
        Why::Ended | Why::Protocol => None,
    };
    let on = match call.role {
        Role::Host => "Back to the consultation",
        Role::Guest | Role::Attendee => "Go to your appointment",
    };
    view! {
        <div class="over" data-test="over" data-why=why.word()>
            <StageHeading text=heading class="over__heading" />
            <p class="over__text">{text}</p>
            <p class="over__ways">
                {again
                    .map(|label| {
                        view! {
                            <button
                                type="button"
                                class="button button--primary"
                                data-test="again"
                                on:click=move |_| call.ask(Command::Again)
                            >
                                {label}
                            </button>
                        }
                    })}
                {open.map(|open| view! { <OpenElsewhere open /> })}
                // A page load and not a navigation of the router: the page's state is of before the meeting.
                <a class="button" class:button--primary=again.is_none() href=after rel="external" data-test="after">
                    {on}
                </a>
            </p>
        </div>
    }
    .into_any()
}
