use leptos::prelude::*;

use super::{Icon, IconName};

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    Done,
    Current,
    Ahead,
}

/// A step of a way that a person goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub label: String,
    pub state: StepState,
}

impl Step {
    /// The steps, of which the one with this index is the current one.
    pub fn list(labels: &[&str], current: usize) -> Vec<Self> {
        labels
            .iter()
            .enumerate()
            .map(|(index, label)| Self {
                label: (*label).to_owned(),
                state: match index.cmp(&current) {
                    std::cmp::Ordering::Less => StepState::Done,
                    std::cmp::Ordering::Equal => StepState::Current,
                    std::cmp::Ordering::Greater => StepState::Ahead,
                },
            })
            .collect()
    }
}

/// What has been done, what is now, what comes.
#[component]
pub fn Steps(#[prop(into)] label: String, steps: Vec<Step>) -> impl IntoView {
    view! {
        <ol class="steps" aria-label=label>
            {steps
                .into_iter()
                .enumerate()
                .map(|(index, step)| {
                    let (class, current) = match step.state {
                        StepState::Done => ("step step--done", None),
                        StepState::Current => ("step step--current", Some("step")),
                        StepState::Ahead => ("step", None),
                    };
                    let sign = if step.state == StepState::Done {
                        view! { <Icon name=IconName::Check /> }.into_any()
                    } else {
                        (index + 1).to_string().into_any()
                    };
                    let label = if step.state == StepState::Done {
                        t_view!(guest::steps::done_label {
                            step: step.label,
                            note: view! { <span class="visually-hidden">{t!(guest::steps::done_note)}</span> },
                        })
                    } else {
                        vec![step.label.into_any()]
                    };
                    view! {
                        <li class=class aria-current=current>
                            <span class="step__sign" aria-hidden="true">
                                {sign}
                            </span>
                            <span class="step__label">{label}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
}
