use anteroom_domain::view::Choices;
use leptos::prelude::*;

use crate::components::{ButtonKind, ButtonLink, Card, Step, Steps};
use crate::paths;

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
        let steps = [
            t!(admin::first_steps::branch),
            t!(admin::first_steps::service),
            t!(admin::first_steps::clerk),
            t!(admin::first_steps::consultation),
        ];
        view! {
            <Card title=t!(admin::first_steps::title)>
                <Steps label=t!(admin::first_steps::title) steps=Step::list(&steps, step) />
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
        let text = t!(admin::first_steps::branch_text);
        return Some((0, text, t!(admin::first_steps::add_branch), paths::BRANCHES));
    }
    if choices.services.iter().all(|service| !service.active) {
        let text = t!(admin::first_steps::service_text);
        return Some((1, text, t!(admin::first_steps::add_service), paths::SERVICES));
    }
    if !choices
        .hosts
        .iter()
        .any(|account| account.active && account.branch.is_some())
    {
        let text = t!(admin::first_steps::clerk_text);
        return Some((2, text, t!(admin::first_steps::add_clerk), paths::ACCOUNTS));
    }
    None
}
