use anteroom_domain::consultation::{CancelledBy, ExternalMeeting, State};
use anteroom_domain::guest::Guest;
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::organisation::Engine;
use anteroom_domain::refusal::ForeignMeeting;
use anteroom_domain::value::Reason;
use anteroom_domain::view::TeamsUsage;
use anteroom_domain::visit::Role;
use anteroom_i18n::KNOWN;
use leptos::prelude::*;

use super::feed::Feed;
use super::guest_fields::GuestFields;
use super::history::History;
use super::link_button::LinkButton;
use super::{Area, StaffFrame};
use crate::api::consultation::details::{Details, show_details};
use crate::api::{ApiError, FormState, FreshLink, LinkOf};
use crate::call::OpenElsewhere;
use crate::components::{
    Badge, Button, ButtonKind, ButtonLink, Card, CopyField, FormErrors, LocalTime, Notice, Once, OutcomeFields, Page,
    StateBadge, TextArea, TimeRange, Tone, few_text, ticking, zone_text,
};
use crate::forms::OutcomeForm;
use crate::pages::admin::teams::minutes;
use crate::pages::{Load, id_param, live};
use crate::paths::{self, mail_to};
use crate::words::{Sentence as _, estimate_text};

#[component]
pub fn DetailsPage() -> impl IntoView {
    view! { <StaffFrame area=Area::Consultations view=|| view! { <DetailsOf /> }.into_any() /> }
}

#[component]
fn DetailsOf() -> impl IntoView {
    let id = id_param();
    let fetch = |id| show_details(ConsultationId(id));
    let details: Resource<Result<Details, ApiError>> = Resource::new_blocking(move || id.get(), fetch);
    live(details, id, fetch);
    view! { <Load data=details view=|details: Details| view! { <DetailsView details /> }.into_any() /> }
}

#[component]
fn DetailsView(details: Details) -> impl IntoView {
    let Details {
        details,
        zone,
        now,
        fresh_link,
        cancel,
        outcome,
        guest,
        ..
    } = details;
    let consultation = details.consultation;
    let id = consultation.id;
    let history = view! { <History lines=details.history guests=details.guests.clone() zone=zone.clone() /> };
    let title = t!(staff::details::title {
        service: &details.service.name,
        guests: who(&details.guests)
    });
    let (attendees, guests): (Vec<_>, Vec<_>) = details
        .guests
        .into_iter()
        .partition(|guest| guest.role == Role::Attendee);
    let registrants_wait = details.registrants_wait;
    let over = consultation.state.is_final();
    let above = view! {
        <StateBadge state=consultation.state occupied=details.occupied />
    }
    .into_any();
    let editable = !matches!(consultation.state, State::Cancelled { .. });
    let actions = if over {
        view! {
            {editable.then(|| view! { <ButtonLink href=paths::edit(id)>{t!(staff::details::change)}</ButtonLink> })}
            <ButtonLink href=paths::schedule_again(id) kind=ButtonKind::Primary>{t!(staff::details::schedule_next)}</ButtonLink>
        }
        .into_any()
    } else {
        let (state, starts_at) = (consultation.state, consultation.starts_at);
        let clock = ticking(now);
        let offered = Memo::new(move |_| state.offers_room(starts_at, clock.get()));
        view! {
            <ButtonLink href=paths::edit(id)>{t!(staff::details::change_or_move)}</ButtonLink>
            {move || {
                offered
                    .get()
                    .then(|| {
                        view! {
                            <a class="button button--primary" href=paths::room(id) rel="external" data-test="join">
                                {t!(staff::details::join)}
                            </a>
                        }
                    })
            }}
        }
        .into_any()
    };
    let teams = (consultation.engine == Engine::Teams).then(|| {
        (
            consultation.meeting.clone(),
            details.usage.clone(),
            details.foreign.clone(),
        )
    });
    let moved = consultation.moved_from;
    let same_zone = consultation.zone == zone;
    let cancelled = match consultation.state {
        State::Cancelled { by: CancelledBy::Guest } => Some(t!(staff::details::cancelled_by_guest)),
        State::Cancelled { by: CancelledBy::Staff } => Some(t!(staff::details::cancelled_by_staff)),
        _ => None,
    };
    let mut errors = cancel.errors.clone();
    errors.0.extend(outcome.errors.0.clone());
    errors.0.extend(guest.errors.0.clone());
    let fresh_registration = url_of(fresh_link.as_ref(), LinkOf::Registration);
    let unusual = details.unusual;
    let may_cancel = matches!(consultation.state, State::Scheduled | State::Open);
    let notes = consultation.notes.clone();
    let reason = consultation.cancel_reason.clone();
    let cancel_open = !cancel.errors.is_empty();
    let guest_open = !guest.errors.is_empty();
    view! {
        <Page title=title actions=actions above=above>
            <FormErrors errors />
            {cancelled
                .map(|sentence| {
                    let text = if reason.is_empty() {
                        t!(staff::details::no_reason).to_owned()
                    } else {
                        t!(staff::details::reason_given { reason })
                    };
                    view! { <Notice tone=Tone::Warning title=sentence>{text}</Notice> }
                })}
            <div class="columns">
                <div class="columns__main">
                    <Card title=t!(staff::details::appointment)>
                        <dl class="facts">
                            <div class="facts__fact">
                                <dt>{t!(staff::details::when)}</dt>
                                <dd>
                                    <TimeRange starts_at=consultation.starts_at ends_at=consultation.ends_at zone=zone.clone() with_date=true with_zone=true />
                                    {(!same_zone)
                                        .then(|| {
                                            view! {
                                                <br />
                                                {t_view!(staff::details::agreed_as {
                                                    time: view! {
                                                        <TimeRange starts_at=consultation.starts_at ends_at=consultation.ends_at zone=consultation.zone.clone() with_date=true with_zone=true />
                                                    },
                                                })}
                                            }
                                        })}
                                    {unusual
                                        .into_iter()
                                        .map(|unusual| view! { <p class="unusual">{unusual.sentence(crate::language::lang())}</p> })
                                        .collect_view()}
                                    {moved
                                        .map(|from| {
                                            view! {
                                                <br />
                                                {t_view!(staff::details::moved_from {
                                                    time: view! { <LocalTime at=from zone=zone.clone() /> },
                                                })}
                                            }
                                        })}
                                </dd>
                            </div>
                            <div class="facts__fact">
                                <dt>{t!(staff::details::host)}</dt>
                                <dd>
                                    <bdi>{details.host.name.clone()}</bdi>
                                </dd>
                            </div>
                            {teams.map(|facts| view! { <TeamsFacts facts /> })}
                            <div class="facts__fact">
                                <dt>{t!(staff::details::branch)}</dt>
                                <dd>{details.branch.name.clone()}</dd>
                            </div>
                            {(!notes.is_empty())
                                .then(|| {
                                    view! {
                                        <div class="facts__fact">
                                            <dt>{t!(staff::details::notes)}</dt>
                                            <dd class="prewrap">{notes}</dd>
                                        </div>
                                    }
                                })}
                        </dl>
                    </Card>
                    // Once it is over, that is what is still to be said.
                    {over.then(|| view! { <Outcome id returned=outcome.clone() folded=false /> })}
                    <div id="guests">
                        <Card title=if guests.len() == 1 { t!(staff::details::guest) } else { t!(staff::details::guests) }>
                            <GuestList id guests over editable fresh=fresh_link.clone() />
                            <Attendees id attendees over editable fresh=fresh_link.clone() />
                            {(!over)
                                .then(|| {
                                    view! {
                                        <details class="disclosure" open=guest_open>
                                            <summary>{t!(staff::details::add_guest)}</summary>
                                            <form class="form" method="post" action=paths::add_guest(id) novalidate>
                                                <Once />
                                                <GuestFields returned=guest.clone() now />
                                                <Button>{t!(staff::details::add_guest_button)}</Button>
                                            </form>
                                        </details>
                                    }
                                })}
                        </Card>
                    </div>
                    {(!over).then(|| view! { <Launch id is_open=details.registration registrants_wait fresh=fresh_registration /> })}
                    {(!over).then(|| view! { <Outcome id returned=outcome.clone() folded=true /> })}
                    {may_cancel
                        .then(|| {
                            view! {
                                <Card title=t!(staff::details::cancel_title)>
                                    <details class="disclosure" open=cancel_open>
                                        <summary>{t!(staff::details::cancel_open)}</summary>
                                        <form class="form" method="post" action=paths::cancel(id) novalidate>
                                            <TextArea
                                                name="reason"
                                                label=t!(staff::details::cancel_reason)
                                                value=cancel.form.reason.clone()
                                                error=cancel.errors.get("reason")
                                                hint=t!(staff::details::cancel_reason_hint)
                                                maxlength=u32::try_from(Reason::MOST).unwrap_or(u32::MAX)
                                                rows=2
                                                optional=true
                                            />
                                            <Button kind=ButtonKind::Danger>{t!(staff::details::cancel)}</Button>
                                        </form>
                                    </details>
                                </Card>
                            }
                        })}
                </div>
                <div class="columns__side">
                    <Card title=t!(staff::details::history)>
                        {history}
                        <p>
                            <a href=paths::events_csv(id) rel="external" download="events.csv">
                                {t!(staff::details::events_csv)}
                            </a>
                        </p>
                    </Card>
                </div>
            </div>
        </Page>
    }
}

/// What came of it. Before it is over, who wants to note it opens it.
#[component]
fn Outcome(id: ConsultationId, returned: FormState<OutcomeForm>, folded: bool) -> impl IntoView {
    let FormState { form, errors, .. } = returned;
    let is_noted = !form.outcome.is_empty() || !form.conclusion.is_empty() || !errors.is_empty();
    let fields = view! {
        <form class="form" method="post" action=paths::outcome(id) novalidate>
            <OutcomeFields outcome=form.outcome conclusion=form.conclusion.parse().ok() error=errors.get("outcome") />
            <Button>{t!(staff::outcome::save)}</Button>
        </form>
    };
    view! {
        <Card title=t!(staff::outcome::title)>
            {if folded {
                view! {
                    <details class="disclosure" open=is_noted>
                        <summary>{t!(staff::outcome::open)}</summary>
                        {fields}
                    </details>
                }
                    .into_any()
            } else {
                fields.into_any()
            }}
        </Card>
    }
}

fn who(guests: &[Guest]) -> String {
    let mut names: Vec<&Guest> = guests.iter().collect();
    // Who was invited stands before who registered.
    names.sort_by_key(|guest| guest.role == Role::Attendee);
    let names: Vec<_> = names.iter().map(|guest| guest.name.as_str()).collect();
    few_text(&names)
}

fn url_of(fresh: Option<&FreshLink>, of: LinkOf) -> Option<String> {
    fresh.filter(|fresh| fresh.of == of).map(|fresh| fresh.url.clone())
}

#[component]
fn GuestList(
    id: ConsultationId,
    guests: Vec<Guest>,
    over: bool,
    editable: bool,
    fresh: Option<FreshLink>,
) -> impl IntoView {
    let items = guests
        .into_iter()
        .map(|guest| {
            let fresh = url_of(fresh.as_ref(), LinkOf::Guest(guest.id));
            view! { <GuestItem id guest over editable fresh /> }
        })
        .collect_view();
    view! { <ul class="guest-list">{items}</ul> }
}

/// Who registered, folded away: there may be many.
#[component]
fn Attendees(
    id: ConsultationId,
    attendees: Vec<Guest>,
    over: bool,
    editable: bool,
    fresh: Option<FreshLink>,
) -> impl IntoView {
    let expected = attendees.iter().filter(|guest| guest.is_expected()).count();
    let open = attendees
        .iter()
        .any(|guest| fresh.as_ref().is_some_and(|fresh| fresh.of == LinkOf::Guest(guest.id)));
    (!attendees.is_empty()).then(|| {
        view! {
            <details class="disclosure" open=open>
                <summary>{t!(staff::details::registered { number: expected })}</summary>
                <GuestList id guests=attendees over editable fresh />
            </details>
        }
    })
}

#[component]
fn GuestItem(id: ConsultationId, guest: Guest, over: bool, editable: bool, fresh: Option<String>) -> impl IntoView {
    let guest_id: GuestId = guest.id;
    let language = KNOWN
        .iter()
        .find(|known| known.tag == guest.language)
        .map_or("", |known| known.name);
    let name = guest.name.clone();
    let is_out = guest.admission.keeps_out();
    let declination_note = guest.declination_note.clone();
    view! {
        <li class="guest-list__item">
            <h3 class="guest-list__name">
                <bdi>{guest.name.clone()}</bdi>
                {is_out.then(|| view! { " " <Badge tone=Tone::Danger label=t!(staff::details::put_out) /> })}
                {guest
                    .declination_at
                    .is_some()
                    .then(|| view! { " " <Badge tone=Tone::Warning label=t!(staff::details::cant_come) /> })}
            </h3>
            {(!declination_note.is_empty()).then(|| view! { <p class="prewrap">{declination_note}</p> })}
            <p class="guest-list__facts">
                {(!guest.email.is_empty())
                    .then(|| {
                        view! { <a href=mail_to(&guest.email) rel="external">{guest.email.clone()}</a> }
                    })}
                {(!guest.phone.is_empty())
                    .then(|| {
                        let href = format!("tel:{}", guest.phone);
                        view! { <a href=href rel="external">{guest.phone.clone()}</a> }
                    })}
                <span>{language}</span>
                <span>{zone_text(&guest.zone)}</span>
                {guest.rating.map(|stars| view! { <span>{t!(staff::details::rated { stars })}</span> })}
            </p>
            <div class="guest-list__actions">
                {(!over).then(|| view! { <LinkButton consultation=id guest=guest_id name=name.clone() fresh /> })}
                {editable
                    .then(|| {
                        view! {
                            <ButtonLink
                                href=paths::guest(id, guest_id)
                                kind=ButtonKind::Quiet
                                attr:aria-label=t!(staff::details::change_guest_whom { guest: &name })
                            >
                                {t!(staff::details::change_guest)}
                            </ButtonLink>
                        }
                    })}
                {(!over)
                    .then(|| {
                        view! {
                            <form method="post" action=paths::revoke_links(id, guest_id)>
                                <Button
                                    kind=ButtonKind::QuietDanger
                                    attr:aria-label=t!(staff::details::withdraw_links_whose { guest: &name })
                                >
                                    {t!(staff::details::withdraw_links)}
                                </Button>
                            </form>
                            {if is_out {
                                view! {
                                    <form method="post" action=paths::take_back(id, guest_id)>
                                        <Button
                                            kind=ButtonKind::Quiet
                                            attr:aria-label=t!(staff::details::ask_again_whom { guest: &name })
                                        >
                                            {t!(staff::details::ask_again)}
                                        </Button>
                                    </form>
                                }
                                    .into_any()
                            } else {
                                view! {
                                    <form method="post" action=paths::remove_guest(id, guest_id)>
                                        <Button
                                            kind=ButtonKind::QuietDanger
                                            attr:aria-label=t!(staff::details::take_out_whom { guest: &name })
                                        >
                                            {t!(staff::details::take_out)}
                                        </Button>
                                    </form>
                                }
                                    .into_any()
                            }}
                        }
                    })}
            </div>
        </li>
    }
}

/// Where it is on Teams, whose it is, and what its guests used there.
#[component]
fn TeamsFacts(facts: (Option<ExternalMeeting>, Option<TeamsUsage>, Option<ForeignMeeting>)) -> impl IntoView {
    let (meeting, usage, foreign) = facts;
    let place = match meeting {
        None => t!(staff::details::teams_in_the_making).into_any(),
        Some(meeting) => {
            let of = meeting.link.tenant().zip(meeting.link.organizer());
            let origin = match (meeting.provisioned.is_some(), of) {
                (true, Some((tenant, organizer))) => t!(staff::details::teams_made_of { tenant, organizer }),
                (true, None) => t!(staff::details::teams_made).to_owned(),
                (false, Some((tenant, organizer))) => t!(staff::details::teams_pasted_of { tenant, organizer }),
                (false, None) => t!(staff::details::teams_pasted).to_owned(),
            };
            view! {
                <span class="teams-open">
                    <OpenElsewhere open=meeting.link.open_in_teams() host=true />
                </span>
                <br />
                <span class="field__hint">{origin}</span>
            }
            .into_any()
        }
    };
    view! {
        <div class="facts__fact">
            <dt>{t!(staff::details::teams)}</dt>
            <dd>
                {place}
                {foreign.map(|why| view! { <Notice tone=Tone::Warning title=t!(staff::details::foreign)>{why.sentence(crate::language::lang())}</Notice> })}
            </dd>
        </div>
        {usage.map(|usage| {
            let text = t!(staff::details::teams_usage {
                minutes: minutes(usage.seconds),
                count: usage.messages,
                cost: estimate_text(&usage.estimate),
            });
            view! {
                <div class="facts__fact">
                    <dt>{t!(staff::details::teams_used)}</dt>
                    <dd>{text}</dd>
                </div>
            }
        })}
    }
}

/// One link for many, who only watch.
#[component]
fn Launch(id: ConsultationId, is_open: bool, registrants_wait: bool, fresh: Option<String>) -> impl IntoView {
    let feed = expect_context::<Feed>();
    let whose = (id, LinkOf::Registration);
    if let Some(url) = fresh {
        feed.keep_link(whose, url);
    }
    let opened = feed.link(whose).is_some();
    let (label, hint) = if is_open {
        (
            t!(staff::details::new_registration_link),
            t!(staff::details::registration_is_open),
        )
    } else {
        (
            t!(staff::details::make_registration_link),
            t!(staff::details::registration_hint),
        )
    };
    view! {
        <Card title=t!(staff::details::registration)>
            <details class="disclosure" open=opened>
                <summary>{t!(staff::details::registration_summary)}</summary>
                <p class="field__hint">{hint}</p>
                {registrants_wait
                    .then(|| {
                        view! {
                            <Notice tone=Tone::Info title=t!(staff::details::registrants_wait_title)>
                                {t!(staff::details::registrants_wait)}
                            </Notice>
                        }
                    })}
                {feed.link(whose).map(|url| view! { <CopyField name="registration-link" label=t!(staff::details::registration_link) value=url /> })}
                <div class="form__actions">
                    <form method="post" action=paths::open_registration(id)>
                        <Once />
                        <Button>{label}</Button>
                    </form>
                    {is_open
                        .then(|| {
                            view! {
                                <form method="post" action=paths::close_registration(id)>
                                    <Button kind=ButtonKind::Quiet>{t!(staff::details::close_registration)}</Button>
                                </form>
                            }
                        })}
                </div>
            </details>
        </Card>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anteroom_domain::guest::Admission;
    use anteroom_domain::time::Zone;

    #[test]
    fn a_title_names_two_however_many_come() {
        let guest = |name: String, role| Guest {
            id: GuestId(1),
            consultation: ConsultationId(1),
            name,
            email: String::new(),
            phone: String::new(),
            language: "en".into(),
            zone: Zone::utc(),
            admission: Admission::Undecided,
            rating: None,
            role,
            declination_at: None,
            declination_note: String::new(),
        };
        let mut guests: Vec<_> = (0..100)
            .map(|n| guest(format!("Partner {n}"), Role::Attendee))
            .collect();
        guests.push(guest("Zeb".into(), Role::Guest));
        assert_eq!(who(&guests), "Zeb, Partner 0 and 99 others");
        assert_eq!(who(&guests[98..]), "Zeb, Partner 98, Partner 99");
        assert_eq!(who(&guests[100..]), "Zeb");
        let three = ["محمد", "Ben", "יוסף"].map(|name| guest(name.into(), Role::Guest));
        assert_eq!(
            who(&three),
            "\u{2068}محمد\u{2069}, Ben, \u{2068}יוסף\u{2069}",
            "whichever way they are read, they stand in this order"
        );
    }
}
