//! Fields of forms that post natively. A field shows the value it is given, and the sentence about it; the form is
//! rendered again by the server with both.

use leptos::prelude::*;

use super::{Icon, IconName, day_text};
use crate::language::lang;

/// The id of the control of a field, so that messages can lead to it.
pub fn field_id(name: &str) -> String {
    format!("f-{name}")
}

/// The label above a control, the hint and the error that describe it.
#[component]
pub(super) fn Frame(
    name: String,
    label: String,
    #[prop(optional)] hint: String,
    error: Option<String>,
    /// Says so beside the label.
    #[prop(optional)]
    optional: bool,
    children: Children,
) -> impl IntoView {
    let id = field_id(&name);
    let invalid = error.is_some();
    view! {
        <div class="field" class:field--invalid=invalid>
            <label class="field__label" for=id.clone()>
                {if optional { optional_label(label) } else { vec![label.into_any()] }}
            </label>
            {(!hint.is_empty())
                .then(|| {
                    view! {
                        <p class="field__hint" id=format!("{id}-hint")>
                            {hint}
                        </p>
                    }
                })}
            {error.map(|error| view! { <FieldError id=id.clone() error /> })}
            {children()}
        </div>
    }
}

fn optional_label(label: String) -> Vec<AnyView> {
    t_view!(guest::field::optional_label {
        field: label,
        note: view! { <span class="field__optional">{t!(guest::field::optional_note)}</span> },
    })
}

#[component]
fn FieldError(id: String, error: String) -> impl IntoView {
    view! {
        <p class="field__error" id=format!("{id}-error")>
            <Icon name=IconName::Danger />
            <span>
                {t_view!(guest::field::error {
                    note: view! { <span class="visually-hidden">{t!(guest::field::error_note)}</span> },
                    sentence: error,
                })}
            </span>
        </p>
    }
}

/// The ids that `aria-describedby` names: only of what is there.
pub(super) fn described_by(name: &str, hint: &str, error: Option<&str>) -> Option<String> {
    let id = field_id(name);
    match (hint.is_empty(), error.is_some()) {
        (true, false) => None,
        (false, false) => Some(format!("{id}-hint")),
        (true, true) => Some(format!("{id}-error")),
        (false, true) => Some(format!("{id}-hint {id}-error")),
    }
}

/// One line of text.
#[component]
pub fn TextField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional_no_strip, into)] error: Option<String>,
    /// `text`, `email`, `tel`, `search`, `number`, `url`. For passwords there is a field of its own.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional, into)] autocomplete: Option<String>,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] maxlength: Option<u32>,
    /// Bounds of a number.
    #[prop(optional, into)]
    min: Option<String>,
    #[prop(optional, into)] max: Option<String>,
    /// The id of a `<datalist>` with what can be typed.
    #[prop(optional)]
    list: Option<&'static str>,
    #[prop(optional)] required: bool,
    #[prop(optional)] optional: bool,
    #[prop(optional)] readonly: bool,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let described = described_by(&name, &hint, error.as_deref());
    let invalid = error.is_some();
    let literal = matches!(kind, "email" | "url");
    view! {
        <Frame name=name.clone() label hint error optional>
            <input
                class="field__control"
                class:field__control--short=kind == "number"
                type=kind
                id=field_id(&name)
                name=name
                value=value
                autocomplete=autocomplete
                inputmode=inputmode
                maxlength=maxlength
                min=min
                max=max
                list=list
                required=required
                readonly=readonly
                // Of several, the browser takes the first.
                autofocus=autofocus || invalid
                autocapitalize=literal.then_some("none")
                spellcheck=literal.then_some("false")
                aria-invalid=invalid.then_some("true")
                aria-describedby=described
            />
        </Frame>
    }
}

/// A day, typed or picked; its value is `2026-11-24`.
#[component]
pub fn DateField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional_no_strip, into)] error: Option<String>,
    #[prop(optional, into)] min: Option<String>,
    #[prop(optional, into)] max: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let described = described_by(&name, &hint, error.as_deref());
    let invalid = error.is_some();
    let (typed, read) = read_back(&value, |text| text.parse().ok().map(day_text));
    view! {
        <Frame name=name.clone() label hint error optional>
            <input
                on:input=move |event| typed.set(event_target_value(&event))
                class="field__control field__control--date"
                type="date"
                id=field_id(&name)
                name=name
                value=value
                min=min
                max=max
                required=required
                autofocus=invalid
                aria-invalid=invalid.then_some("true")
                aria-describedby=described
            />
            {read}
        </Frame>
    }
}

/// A time of day; its value is `14:30`.
#[component]
pub fn TimeField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional_no_strip, into)] error: Option<String>,
    /// The step in seconds: what the picker offers.
    #[prop(default = 300)]
    step: u32,
    #[prop(optional)] required: bool,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let described = described_by(&name, &hint, error.as_deref());
    let invalid = error.is_some();
    let (typed, read) = read_back(&value, |text| text.parse().ok().map(|time| lang().clock(time)));
    view! {
        <Frame name=name.clone() label hint error optional>
            <input
                on:input=move |event| typed.set(event_target_value(&event))
                class="field__control field__control--time"
                type="time"
                id=field_id(&name)
                name=name
                value=value
                step=step
                required=required
                autofocus=invalid
                aria-invalid=invalid.then_some("true")
                aria-describedby=described
            />
            {read}
        </Frame>
    }
}

/// What stands in a field, in the language of the page: a browser shows it by its own language, or by its system's.
fn read_back(value: &str, said: fn(&str) -> Option<String>) -> (RwSignal<String>, impl IntoView + use<>) {
    let typed = RwSignal::new(value.to_owned());
    let read = Memo::new(move |_| typed.with(|text| said(text)).unwrap_or_default());
    (typed, view! { <p class="field__read">{move || read.get()}</p> })
}

/// One of the things that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// One of several, from a list.
#[component]
pub fn SelectField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    /// The value that is chosen now.
    #[prop(optional, into)]
    value: String,
    /// Stands first with an empty value: "Choose a service", "All branches".
    #[prop(optional, into)]
    prompt: Option<String>,
    #[prop(optional, into)] hint: String,
    #[prop(optional_no_strip, into)] error: Option<String>,
    #[prop(optional, into)] autocomplete: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let described = described_by(&name, &hint, error.as_deref());
    let invalid = error.is_some();
    // What is set and not on the list stays: a browser would send the first of the list in its place, unasked.
    let mut choices = choices;
    if !value.is_empty() && !choices.iter().any(|choice| choice.value == value) {
        choices.push(Choice::new(value.clone(), value.replace('_', " ")));
    }
    view! {
        <Frame name=name.clone() label hint error optional>
            <select
                class="field__control field__control--select"
                id=field_id(&name)
                name=name
                autocomplete=autocomplete
                required=required
                autofocus=invalid
                aria-invalid=invalid.then_some("true")
                aria-describedby=described
            >
                {prompt
                    .map(|prompt| {
                        view! {
                            <option value="" selected=value.is_empty()>
                                {prompt}
                            </option>
                        }
                    })}
                {choices
                    .into_iter()
                    .map(|choice| {
                        let selected = choice.value == value;
                        view! {
                            <option value=choice.value selected=selected>
                                {choice.label}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </Frame>
    }
}

/// Yes or no.
#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// What is submitted when it is ticked.
    #[prop(optional, into, default = "yes".into())]
    value: String,
    #[prop(optional)] checked: bool,
    #[prop(optional, into)] hint: String,
    #[prop(optional_no_strip, into)] error: Option<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let id = field_id(&name);
    let described = described_by(&name, &hint, error.as_deref());
    let invalid = error.is_some();
    view! {
        <div class="field field--checkbox" class:field--invalid=invalid>
            {error.map(|error| view! { <FieldError id=id.clone() error /> })}
            <div class="checkbox">
                <input
                    class="checkbox__box"
                    type="checkbox"
                    id=id.clone()
                    name=name
                    value=value
                    checked=checked
                    required=required
                    autofocus=invalid
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=described
                />
                <label class="checkbox__label" for=id.clone()>
                    {label}
                </label>
            </div>
            {(!hint.is_empty())
                .then(|| {
                    view! {
                        <p class="field__hint checkbox__hint" id=format!("{id}-hint")>
                            {hint}
                        </p>
                    }
                })}
        </div>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_labelled_and_described_by_what_is_there() {
        Owner::new().with(|| {
            let html = view! {
                <TextField name="email" label="E-mail" hint="For the confirmation." error="Write it like ann@example.com.".to_owned() kind="email" value="ann\"@" />
            }
            .to_html();
            assert!(html.contains(r#"for="f-email""#), "{html}");
            assert!(html.contains(r#"aria-describedby="f-email-hint f-email-error""#), "{html}");
            assert!(html.contains(r#"aria-invalid="true""#), "{html}");
            assert!(html.contains(r#"value="ann&quot;@""#), "{html}");
            let bare = view! { <TextField name="name" label="Name" /> }.to_html();
            assert!(!bare.contains("aria-describedby") && !bare.contains("aria-invalid"), "{bare}");
        });
    }

    #[test]
    fn a_value_that_is_not_on_the_list_stays_chosen() {
        Owner::new().with(|| {
            let choices = vec![Choice::new("UTC", "UTC")];
            let html = view! { <SelectField name="zone" label="Zone" choices value="Etc/GMT+5" /> }.to_html();
            assert!(html.contains(r#"<option value="Etc/GMT+5" selected"#), "{html}");
            assert_eq!(html.matches(" selected").count(), 1, "{html}");
        });
    }

    #[test]
    fn the_chosen_option_is_selected_and_no_other() {
        Owner::new().with(|| {
            let choices = vec![
                Choice::new("1", "Mortgage advice"),
                Choice::new("2", "Pension \"plus\""),
            ];
            let html =
                view! { <SelectField name="service" label="Service" choices value="2" prompt="Choose" /> }.to_html();
            assert_eq!(html.matches(" selected").count(), 1, "{html}");
            assert!(html.contains(r#"<option value="2" selected"#), "{html}");
        });
    }
}
