use anteroom_domain::language::LANGUAGES;
use anteroom_domain::organisation::Engine;
use anteroom_domain::teams::link::MeetingLink;
use anteroom_domain::time::Zone;
use anteroom_domain::view::TeamsOffer;
use leptos::prelude::*;

use crate::api::consultation::form::Form;
use crate::components::{
    Button, ButtonKind, ButtonLink, Card, Checkbox, Choice, DateField, FormErrors, Notice, Once, SelectField, TextArea,
    TextField, TimeField, Tone, clock_text, date_text,
};
use crate::pages::{ZoneField, ZoneList};

/// The id of the form, for buttons that stand outside of it.
const FORM: &str = "consultation";

/// Kept on offer only for what has it.
fn no_longer(active: bool) -> &'static str {
    if active { "" } else { " (no longer offered)" }
}

/// The form to schedule and to change a consultation: one and the same.
#[component]
pub fn ConsultationFields(
    form: Form,
    #[prop(into)] action: String,
    #[prop(into)] submit: String,
    /// Where *Cancel* leads.
    #[prop(into)]
    back: String,
) -> impl IntoView {
    let Form {
        choices,
        returned,
        zone,
        now,
        fixed,
        of: _,
    } = form;
    let crate::api::FormState { form, errors, free } = returned;
    let all = errors.clone();
    let errors = StoredValue::new(errors);
    let error = move |field: &str| errors.with_value(|errors| errors.get(field));
    let several_branches = 1 < choices.branches.len();
    let teams = choices.teams.clone();
    let branch_name = |id| {
        choices
            .branches
            .iter()
            .find(|branch| Some(branch.id) == id)
            .map(|branch| branch.name.clone())
    };
    let named = |name: &str, id| match branch_name(id).filter(|_| several_branches) {
        Some(branch) => format!("{name} ({branch})"),
        None => name.to_owned(),
    };
    let services = choices
        .services
        .iter()
        .map(|service| {
            let label = format!(
                "{}, {} min{}",
                named(&service.name, Some(service.branch)),
                service.minutes,
                no_longer(service.active)
            );
            Choice::new(service.id.to_string(), label)
        })
        .collect::<Vec<_>>();
    let hosts = choices
        .hosts
        .iter()
        .map(|host| {
            let label = format!("{}{}", named(&host.name, host.branch), no_longer(host.active));
            Choice::new(host.id.to_string(), label)
        })
        .collect::<Vec<_>>();
    let languages = LANGUAGES
        .iter()
        .map(|(tag, name)| Choice::new(*tag, *name))
        .collect::<Vec<_>>();
    view! {
        <FormErrors errors=all />
        {fixed.map(|sentence| view! { <Notice tone=Tone::Info>{sentence}</Notice> })}
        // What Enter in a field means: the first button of a form, which must not be one of the free times.
        <button class="visually-hidden" type="submit" form=FORM tabindex="-1" aria-hidden="true"></button>
        <FreeTimes free zone />
        <form class="form" id=FORM method="post" action=action novalidate>
            <input type="hidden" name="version" value=form.version />
            <Once />
            <Card title="What and when">
                <SelectField name="service" label="Service" choices=services value=form.service prompt="Choose a service" error=error("service") required=true />
                <SelectField name="host" label="Host" choices=hosts value=form.host prompt="Choose who will host it" error=error("host") required=true />
                <div class="field-row">
                    <DateField name="date" label="Date" value=form.date error=error("date") required=true />
                    <TimeField name="time" label="Time" value=form.time error=error("time") required=true />
                    <TextField name="minutes" label="Length in minutes" kind="number" value=form.minutes error=error("minutes") inputmode="numeric" hint="Empty: as long as the service takes." />
                </div>
                {(error("fold").is_some() || !form.fold.is_empty())
                    .then(|| {
                        view! {
                            <SelectField
                                name="fold"
                                label="Which of the two"
                                choices=vec![
                                    Choice::new("first", "The first one, before the clocks go back"),
                                    Choice::new("second", "The second one, after the clocks went back"),
                                ]
                                value=form.fold.clone()
                                prompt="Choose which one"
                                hint="That night the clocks show this time twice."
                                error=error("fold")
                            />
                        }
                    })}
                <ZoneField name="zone" label="Time zone of this time" value=form.zone now error=error("zone") required=true />
            </Card>
            <Place teams engine=form.engine meeting=form.meeting webinar=!form.webinar.is_empty() errors=error />
            <Card title="Guest">
                <TextField name="guest_name" label="Name" value=form.guest_name error=error("guest_name") autocomplete="off" required=true />
                <div class="field-row">
                    <TextField name="guest_email" label="E-mail" kind="email" value=form.guest_email error=error("guest_email") autocomplete="off" hint="This or a phone number." />
                    <TextField name="guest_phone" label="Phone" kind="tel" value=form.guest_phone error=error("guest_phone") autocomplete="off" hint="This or an e-mail address. With the country code, like +49 30 1234567." />
                </div>
                <div class="field-row">
                    <SelectField name="guest_language" label="Language" choices=languages value=form.guest_language error=error("guest_language") />
                    <ZoneField name="guest_zone" label="Guest's time zone" value=form.guest_zone now hint="A city. Empty: the same as above." error=error("guest_zone") />
                </div>
            </Card>
            <Card title="Notes">
                <TextArea name="notes" label="Notes for staff" value=form.notes error=error("notes") hint="The guest does not see them." optional=true />
            </Card>
            <ZoneList />
            <div class="form__actions">
                <Button kind=ButtonKind::Primary large=true>{submit}</Button>
                <ButtonLink href=back kind=ButtonKind::Quiet>"Cancel"</ButtonLink>
            </div>
        </form>
    }
}

/// Where it takes place. What was pasted for Teams is recognised as it is typed, by the rules that the server applies.
#[component]
fn Place(
    teams: TeamsOffer,
    engine: String,
    meeting: String,
    webinar: bool,
    errors: impl Fn(&str) -> Option<String> + Copy + Send + 'static,
) -> impl IntoView {
    if !teams.on && engine != Engine::Teams.into_str() {
        return ().into_any();
    }
    let choices = vec![
        Choice::new(Engine::Builtin.into_str(), "On this site"),
        Choice::new(Engine::Teams.into_str(), "In Microsoft Teams"),
    ];
    let hint = if teams.graph {
        "Paste a Teams link, or a meeting ID and passcode. Left empty, the meeting is made for the host."
    } else {
        "Paste the link of the host’s Teams meeting, or its meeting ID and passcode."
    };
    let seen = RwSignal::new(String::new());
    let told = move || {
        let text = seen.get();
        (!text.trim().is_empty()).then(|| match text.parse::<MeetingLink>() {
            Ok(meeting) => (true, meeting.describe().to_string()),
            Err(refused) => (false, refused.to_string()),
        })
    };
    view! {
        <Card title="Where">
            <SelectField name="engine" label="Place" choices value=engine prompt="As the service has it" error=errors("engine") />
            <div on:input=move |event| {
                #[cfg(feature = "hydrate")]
                seen.set(event_target_value(&event));
                #[cfg(not(feature = "hydrate"))]
                let _ = (&event, seen);
            }>
                <TextArea name="meeting" label="Teams meeting" value=meeting error=errors("meeting") hint rows=2 optional=true />
            </div>
            <p class="field__hint" role="status" data-test="recognised">
                {move || told().map(|(good, sentence)| {
                    let class = if good { "recognised" } else { "recognised recognised--no" };
                    view! { <span class=class>{sentence}</span> }
                })}
            </p>
            {(teams.webinars || webinar)
                .then(|| {
                    view! {
                        <Checkbox
                            name="webinar"
                            label="This is a webinar: guests only watch and listen"
                            value="on"
                            checked=webinar
                            error=errors("webinar")
                        />
                    }
                })}
        </Card>
    }
    .into_any()
}

/// Where the time is taken: when the host is free next. A click fills it in, by way of the server, which knows the zones.
#[component]
fn FreeTimes(free: Vec<jiff::Timestamp>, zone: Zone) -> impl IntoView {
    (!free.is_empty()).then(|| {
        let items = free
            .into_iter()
            .map(|at| {
                let label = format!("{}, {}", date_text(at, &zone), clock_text(at, &zone));
                view! {
                    <li>
                        <button class="button" type="submit" form=FORM name="pick" value=at.to_string() data-test="free-time">
                            {label}
                        </button>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="free-times" aria-labelledby="free-times">
                <h2 class="free-times__title" id="free-times">
                    "The host is free at"
                </h2>
                <ul class="free-times__list">{items}</ul>
            </section>
        }
    })
}
