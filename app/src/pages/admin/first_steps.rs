use anteroom_domain::view::Choices;
use leptos::prelude::*;

use crate::components::{ButtonKind, ButtonLink, Card, Step, Steps};
use crate::paths;

const STEPS: [&str; 4] = ["A branch", "A service", "A clerk", "The first consultation"];

/// Leads a new administrator: first a branch, then a service, then a clerk. Gone once all three are there, because
/// the first consultation can be scheduled then.
#[component]
pub fn FirstSteps(
    choices: Choices,
    /// Is this the page of the step that comes next? Then the way there is not offered.
    #[prop(default = "")]
    here: &'static str,
) -> impl IntoView {
    next(&choices).map(|(step, text, label, href)| {
        view! {
            <Card title="First steps">
                <Steps label="First steps" steps=Step::list(&STEPS, step) />
                <p>{text}</p>
                {(href != here)
                    .then(|| {
                        view! {
                            <p>
                                <ButtonLink href=href kind=ButtonKind::Primary>
                                    {label}
                                </ButtonLink>
                            </p>
                        }
                    })}
            </Card>
        }
    })
}

/// Is everything there that the first consultation needs?
pub fn is_set_up(choices: &Choices) -> bool {
    next(choices).is_none()
}

/// Which step is next, what it is about, and the way there.
fn next(choices: &Choices) -> Option<(usize, &'static str, &'static str, &'static str)> {
    if choices.branches.is_empty() {
        let text = "A branch is a place or a team that consultations belong to. Even one office needs one.";
        return Some((0, text, "Add a branch", paths::BRANCHES));
    }
    if choices.services.iter().all(|service| !service.active) {
        let text = "A service is what customers come for, such as mortgage advice, and how long it takes.";
        return Some((1, text, "Add a service", paths::SERVICES));
    }
    if !choices
        .hosts
        .iter()
        .any(|account| account.active && account.branch.is_some())
    {
        let text = "A clerk hosts consultations in their branch. An administrator who belongs to a branch can, too.";
        return Some((2, text, "Add a clerk", paths::ACCOUNTS));
    }
    None
}
