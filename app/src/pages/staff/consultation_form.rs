use anteroom_domain::organisation::Engine;
use anteroom_domain::teams::link::MeetingLink;
use anteroom_domain::time::Zone;
use anteroom_domain::view::TeamsOffer;
use anteroom_i18n::KNOWN;
use leptos::prelude::*;

use crate::api::consultation::form::Form;
use crate::components::{
    Button, ButtonKind, ButtonLink, Card, Checkbox, Choice, DateField, FormErrors, Notice, Once, SelectField, TextArea,
    TextField, TimeField, Tone, clock_text, date_text,
};
use crate::pages::{ZoneField, ZoneList};
use crate::words::{Sentence as _, description_text, engine_label};

/// The id of the form, for buttons that stand outside of it.
const FORM: &str = "consultation";

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
        Some(branch) => t!(staff::offered::of_branch { name, branch }),
        None => name.to_owned(),
    };
    let services = choices
        .services
        .iter()
        .map(|service| {
            let name = named(&service.name, Some(service.branch));
            let minutes = service.minutes;
            // What is not active is kept on offer only for what has it.
            let label = if service.active {
                t!(staff::edit::service_choice { service: name, minutes })
            } else {
                t!(staff::edit::service_no_longer { service: name, minutes })
            };
            Choice::new(service.id.to_string(), label)
        })
        .collect::<Vec<_>>();
    let hosts = choices
        .hosts
        .iter()
        .map(|host| {
            let name = named(&host.name, host.branch);
            let label = if host.active {
                name
            } else {
                t!(staff::edit::host_no_longer { host: name })
            };
            Choice::new(host.id.to_string(), label)
        })
        .collect::<Vec<_>>();
    let languages = KNOWN
        .iter()
        .map(|known| Choice::new(known.tag, known.name))
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
            <Card title=t!(staff::edit::what_and_when)>
                <SelectField name="service" label=t!(staff::edit::service) choices=services value=form.service prompt=t!(staff::edit::choose_service) error=error("service") required=true />
                <SelectField name="host" label=t!(staff::edit::host) choices=hosts value=form.host prompt=t!(staff::edit::choose_host) error=error("host") required=true />
                <div class="field-row">
                    <DateField name="date" label=t!(staff::edit::date) value=form.date error=error("date") required=true />
                    <TimeField name="time" label=t!(staff::edit::time) value=form.time error=error("time") required=true />
                    <TextField name="minutes" label=t!(staff::edit::length) kind="number" value=form.minutes error=error("minutes") inputmode="numeric" hint=t!(staff::edit::length_hint) />
                </div>
                {(error("fold").is_some() || !form.fold.is_empty())
                    .then(|| {
                        view! {
                            <SelectField
                                name="fold"
                                label=t!(staff::edit::fold)
                                choices=vec![
                                    Choice::new("first", t!(staff::edit::fold_first)),
                                    Choice::new("second", t!(staff::edit::fold_second)),
                                ]
                                value=form.fold.clone()
                                prompt=t!(staff::edit::choose_fold)
                                hint=t!(staff::edit::fold_hint)
                                error=error("fold")
                            />
                        }
                    })}
                <ZoneField name="zone" label=t!(staff::edit::zone) value=form.zone now error=error("zone") required=true />
            </Card>
            <Place teams engine=form.engine meeting=form.meeting webinar=!form.webinar.is_empty() errors=error />
            <Card title=t!(staff::edit::guest)>
                <TextField name="guest_name" label=t!(staff::guest::name) value=form.guest_name error=error("guest_name") autocomplete="off" required=true />
                <div class="field-row">
                    <TextField name="guest_email" label=t!(staff::guest::email) kind="email" value=form.guest_email error=error("guest_email") autocomplete="off" hint=t!(staff::guest::email_hint) />
                    <TextField name="guest_phone" label=t!(staff::guest::phone) kind="tel" value=form.guest_phone error=error("guest_phone") autocomplete="off" hint=t!(staff::guest::phone_hint) />
                </div>
                <div class="field-row">
                    <SelectField name="guest_language" label=t!(staff::guest::language) choices=languages value=form.guest_language error=error("guest_language") />
                    <ZoneField name="guest_zone" label=t!(staff::guest::zone) value=form.guest_zone now hint=t!(staff::edit::guest_zone_hint) error=error("guest_zone") />
                </div>
            </Card>
            <Card title=t!(staff::edit::notes_title)>
                <TextArea name="notes" label=t!(staff::edit::notes) value=form.notes error=error("notes") hint=t!(staff::edit::notes_hint) optional=true />
            </Card>
            <ZoneList />
            <div class="form__actions">
                <Button kind=ButtonKind::Primary large=true>{submit}</Button>
                <ButtonLink href=back kind=ButtonKind::Quiet>{t!(staff::edit::leave)}</ButtonLink>
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
    let choices = [Engine::Builtin, Engine::Teams]
        .map(|engine| Choice::new(engine.into_str(), engine_label(engine)))
        .to_vec();
    let hint = if teams.graph {
        t!(staff::edit::meeting_hint_made)
    } else {
        t!(staff::edit::meeting_hint)
    };
    let seen = RwSignal::new(String::new());
    let told = move || {
        let text = seen.get();
        (!text.trim().is_empty()).then(|| match text.parse::<MeetingLink>() {
            Ok(meeting) => (true, description_text(&meeting.describe())),
            Err(refused) => (false, refused.sentence(crate::language::lang())),
        })
    };
    view! {
        <Card title=t!(staff::edit::where_title)>
            <SelectField name="engine" label=t!(staff::edit::place) choices value=engine prompt=t!(staff::edit::place_of_service) error=errors("engine") />
            <div on:input=move |event| {
                #[cfg(feature = "hydrate")]
                seen.set(event_target_value(&event));
                #[cfg(not(feature = "hydrate"))]
                let _ = (&event, seen);
            }>
                <TextArea name="meeting" label=t!(staff::edit::meeting) value=meeting error=errors("meeting") hint rows=2 optional=true />
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
                            label=t!(staff::edit::webinar)
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
                let label = t!(staff::edit::free_time { date: date_text(at, &zone), time: clock_text(at, &zone) });
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
                    {t!(staff::edit::free_times)}
                </h2>
                <ul class="free-times__list">{items}</ul>
            </section>
        }
    })
}
