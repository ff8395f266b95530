use anteroom_domain::teams::end_code::explain;
use anteroom_domain::visit::Role;
use leptos::prelude::*;

use super::{focus::StageHeading, teams::OpenElsewhere};
use crate::call::{
    Rate, messages,
    stage::{CallStage, EndReason},
    state::{Call, Command},
};
use crate::components::{Button, ButtonKind, OutcomeFields, Stars};
use crate::words::ending_text;

/// The last screen: what happened, and the way on.
#[component]
pub fn Over(
    after: String,
    rate: Option<Rate>,
    /// Where the host's form about the outcome is sent.
    outcome: Option<String>,
) -> impl IntoView {
    let call = Call::here();
    let why = call.stage.with_untracked(|stage| {
        if let CallStage::Over(why) = stage {
            *why
        } else {
            EndReason::Left
        }
    });
    let room_only = call
        .meeting
        .room
        .with_untracked(|room| messages::closes_room_only(room.as_ref(), call.meeting.now.get_untracked()));
    let (heading, text) = messages::over(why, call.role, room_only);
    let (text, open) = match why {
        EndReason::External { code, sub_code } => {
            let ending = explain(code, sub_code);
            let open = call.meeting.external.get_untracked().and_then(|external| external.open);
            (
                ending_text(code, sub_code),
                open.filter(|_| ending.cause.leaves_teams_open()),
            )
        }
        _ => (text.to_owned(), None),
    };
    let again = match why {
        EndReason::Left | EndReason::Lost => Some(t!(guest::over::join_again)),
        EndReason::Replaced | EndReason::Rejoined => Some(t!(guest::over::use_this_window)),
        // Asks the server, which refuses until the host has taken it back. The page leads on either way.
        EndReason::Declined | EndReason::Removed => Some(t!(guest::over::ask_again)),
        EndReason::External { code, sub_code } => explain(code, sub_code).rejoin.then(|| t!(guest::over::join_again)),
        EndReason::Ended | EndReason::Protocol => None,
    };
    // A guest who was in the call is asked, whoever hung up first.
    let was_in = call.meeting.was_in.get_untracked();
    let asked =
        rate.filter(|_| was_in && matches!(why, EndReason::Left | EndReason::Ended | EndReason::External { .. }));
    // The host notes the outcome while it is fresh: once the call took place and is over for everyone.
    let noted = outcome.filter(|_| was_in && why == EndReason::Ended);
    let on = match call.role {
        Role::Host => t!(guest::over::to_consultation),
        Role::Guest | Role::Attendee => t!(guest::over::to_appointment),
    };
    view! {
        <div class="over" data-test="over" data-why=why.word()>
            <StageHeading text=heading class="over__heading" />
            <p class="over__text">{text}</p>
            {asked.map(|rate| view! { <HowWasIt rate /> })}
            {noted.map(|action| view! { <WhatCameOfIt action /> })}
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
                // A page load rather than a navigation of the router, whose state dates from before the meeting.
                <a class="button" class:button--primary=again.is_none() href=after rel="external" data-test="after">
                    {on}
                </a>
            </p>
        </div>
    }
    .into_any()
}

/// Saves the outcome and leads on to the consultation, which confirms it.
#[component]
fn WhatCameOfIt(action: String) -> impl IntoView {
    view! {
        <form class="form over__outcome" method="post" action=action data-test="over-outcome">
            <OutcomeFields outcome="" />
            <div class="form__actions">
                <Button kind=ButtonKind::Primary>{t!(guest::over::save_outcome)}</Button>
            </div>
        </form>
    }
}

/// One tap on the last screen, with the thanks in its place.
#[component]
fn HowWasIt(rate: Rate) -> impl IntoView {
    let rating = RwSignal::new(None::<u8>);
    let answer = RwSignal::new(None::<Result<(), String>>);
    let choose = Callback::new(move |stars: u8| {
        rating.set(Some(stars));
        let rate = rate.clone();
        leptos::task::spawn_local(async move {
            let said = rate.ask(stars).await;
            let _ = answer.try_set(Some(said));
        });
    });
    view! {
        <section class="over__rate" aria-labelledby="over-rate" data-test="rate">
            <h2 class="over__question" id="over-rate">
                {t!(guest::over::how_was_it)}
            </h2>
            <Stars rating=rating on_choose=choose />
            <p role="status" data-test="rated">
                {move || {
                    answer
                        .get()
                        .map(|answer| match answer {
                            Ok(()) => t!(guest::over::thanks).to_owned(),
                            Err(sentence) => sentence,
                        })
                }}
            </p>
        </section>
    }
}
