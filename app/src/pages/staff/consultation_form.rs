use anteroom_domain::guest::LANGUAGES;
use anteroom_domain::organisation::Engine;
use anteroom_domain::teams::link::Meeting;
use anteroom_domain::time::Zone;
use anteroom_domain::view::TeamsOffer;
use leptos::prelude::*;

use crate::api::consultation::form::Form;
use crate::components::{
    Button, ButtonKind, ButtonLink, Card, Checkbox, Choice, DateField, FormErrors, SelectField, TextArea, TextField,
    TimeField, clock_text, day_text, iso_day,
};

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
        zones,
        ..
    } = form;
    let crate::api::Returned { form, errors, free } = returned;
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
                "{}, {} min",
                named(&service.name, Some(service.branch)),
                service.minutes
            );
            Choice::new(service.id.to_string(), label)
        })
        .collect::<Vec<_>>();
    let hosts = choices
        .hosts
        .iter()
        .map(|host| Choice::new(host.id.to_string(), named(&host.name, host.branch)))
        .collect::<Vec<_>>();
    let languages = LANGUAGES
        .iter()
        .map(|(tag, name)| Choice::new(*tag, *name))
        .collect::<Vec<_>>();
    let zones: Vec<Choice> = zones
        .into_iter()
        .map(|name| Choice::new(name.clone(), name.replace('_', " ")))
        .collect();
    let guest_zones = zones.clone();
    view! {
        <FormErrors errors=all />
        <FreeTimes free zone=form.zone.clone() />
        <form class="form" method="post" action=action novalidate>
            <Card title="What and when">
                <SelectField name="service" label="Service" choices=services value=form.service prompt="Choose a service" error=error("service") required=true />
                <SelectField name="host" label="Host" choices=hosts value=form.host prompt="Choose who will host it" error=error("host") required=true />
                <div class="field-row">
                    <DateField name="date" label="Date" value=form.date error=error("date") required=true />
                    <TimeField name="time" label="Time" value=form.time error=error("time") required=true />
                    <TextField name="minutes" label="Length in minutes" kind="number" value=form.minutes error=error("minutes") inputmode="numeric" required=true />
                </div>
                <SelectField name="zone" label="Time zone of this time" choices=zones value=form.zone.clone() error=error("zone") required=true />
            </Card>
            <Place teams engine=form.engine meeting=form.meeting webinar=!form.webinar.is_empty() errors=error />
            <Card title="Guest">
                <TextField name="guest_name" label="Name" value=form.guest_name error=error("guest_name") autocomplete="off" required=true />
                <div class="field-row">
                    <TextField name="guest_email" label="E-mail" kind="email" value=form.guest_email error=error("guest_email") autocomplete="off" hint="Or a phone number." />
                    <TextField name="guest_phone" label="Phone" kind="tel" value=form.guest_phone error=error("guest_phone") autocomplete="off" hint="With the country code, like +49 30 1234567." />
                </div>
                <div class="field-row">
                    <SelectField name="guest_language" label="Language" choices=languages value=form.guest_language error=error("guest_language") />
                    <SelectField name="guest_zone" label="Guest's time zone" choices=guest_zones value=form.guest_zone prompt="The same as above" error=error("guest_zone") />
                </div>
            </Card>
            <Card title="Notes">
                <TextArea name="notes" label="Notes for staff" value=form.notes error=error("notes") hint="The guest does not see them." optional=true />
            </Card>
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
    if !teams.on && engine != Engine::Teams.as_str() {
        return ().into_any();
    }
    let choices = vec![
        Choice::new(Engine::Builtin.as_str(), "On this site"),
        Choice::new(Engine::Teams.as_str(), "In Microsoft Teams"),
    ];
    let hint = match teams.graph {
        true => "Paste a Teams link, or a meeting ID and passcode. Left empty, the meeting is made for the host.",
        false => "Paste the link of the host’s Teams meeting, or its meeting ID and passcode.",
    };
    let seen = RwSignal::new(String::new());
    let told = move || {
        let text = seen.get();
        (!text.trim().is_empty()).then(|| match text.parse::<Meeting>() {
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

/// Where the time is taken: when the host is free next. A click fills it in; without scripts it is there to be typed.
#[component]
fn FreeTimes(free: Vec<jiff::Timestamp>, zone: String) -> impl IntoView {
    (!free.is_empty()).then(|| {
        let zone = Zone::from_stored(zone);
        let items = free
            .into_iter()
            .map(|at| {
                let (date, time) = (iso_day(at, &zone), clock_text(at, &zone));
                let label = match date.parse() {
                    Ok(date) => format!("{}, {time}", day_text(date)),
                    Err(_) => format!("{date}, {time}"),
                };
                let pick = move |_| {
                    #[cfg(feature = "hydrate")]
                    {
                        fill("date", &date);
                        fill("time", &time);
                    }
                    #[cfg(not(feature = "hydrate"))]
                    let _ = (&date, &time);
                };
                view! {
                    <li>
                        <button class="button" type="button" data-test="free-time" on:click=pick>
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

#[cfg(feature = "hydrate")]
fn fill(field: &str, value: &str) {
    use wasm_bindgen::JsCast;
    let document = web_sys::window().and_then(|window| window.document());
    let input = document.and_then(|document| document.get_element_by_id(&crate::components::field_id(field)));
    if let Some(input) = input.and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        input.set_value(value);
        let _ = input.focus();
    }
}
