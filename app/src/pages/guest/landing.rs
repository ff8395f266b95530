use anteroom_domain::consultation::{CancelledBy, Side, Stage};
use anteroom_domain::guest::{Admission, Declination};
use anteroom_domain::value::Reason;
use anteroom_domain::view::Landing;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::countdown::Countdown;
use super::follow::follow;
use crate::api::ApiError;
use crate::api::guest::join::join;
use crate::api::guest::landing::{Invitation, show_landing};
use crate::api::guest::rate::rate;
use crate::call::{Join, Meeting, Rate};
use crate::components::{
    Button, ButtonKind, ButtonLink, CallNumber, Card, Contact, FormErrors, GuestFrame, LocalTime, Notice, Page,
    PageWidth, Stars, TextArea, TimeRange, Tone,
};
use crate::escape::isolate;
use crate::pages::Load;
use crate::paths;

/// `/j/<secret>`: one link, and what it is for at this moment. Looking at it changes nothing.
#[component]
pub fn LandingPage() -> impl IntoView {
    let params = use_params_map();
    let secret = Memo::new(move |_| params.with(|params| params.get("secret").unwrap_or_default()));
    let invitation: Resource<Result<Option<Invitation>, ApiError>> =
        Resource::new_blocking(move || secret.get(), show_landing);
    let again = Callback::new(move |()| invitation.refetch());
    let followed = follow(invitation, secret);
    let content = move |invitation: Option<Invitation>| {
        let secret = secret.get_untracked();
        match invitation {
            Some(invitation) => view! { <Invited invitation secret again /> }.into_any(),
            None => view! { <Unknown /> }.into_any(),
        }
    };
    view! {
        <Show when=move || followed.held.get()>
            <div class="guest-news" role="status">
                <Notice tone=Tone::Info title="Something about your appointment has changed.">
                    <a href="" rel="external">"Show it"</a>
                    ". What you are typing here is not sent yet."
                </Notice>
            </div>
        </Show>
        <Load data=invitation view=content />
    }
}

/// Unknown, expired, revoked: the same words for all three.
#[component]
fn Unknown() -> impl IntoView {
    view! {
        <GuestFrame>
            <Page title="This link does not work" width=PageWidth::Narrow>
                <p>
                    "It may be incomplete, or it has been replaced by a newer one. Open the newest message that you received and follow its link, or copy the whole of it into the address bar."
                </p>
                <p>"If that does not help, contact the person or the branch that you have the appointment with, and ask for a new link."</p>
            </Page>
        </GuestFrame>
    }
}

#[component]
fn Invited(invitation: Invitation, secret: String, again: Callback<()>) -> impl IntoView {
    let Invitation { landing, cancel, rate } = invitation;
    let what = format!("{} with {}", landing.service, isolate(&landing.host));
    let contact = contact_of(&landing);
    match landing.stage {
        Stage::TooEarly { .. } | Stage::Open if landing.excused => view! {
            <GuestFrame contact>
                <Page title="You said that you can't come" lead=what width=PageWidth::Narrow>
                    <p>"The host knows. The others meet without you:"</p>
                    <When landing=landing.clone() />
                    <p>"If you can come after all, contact the branch and ask for a new link."</p>
                </Page>
            </GuestFrame>
        }
        .into_any(),
        Stage::Open => {
            let title = match landing.kept_out {
                None => return view! { <OpenNow landing secret /> }.into_any(),
                Some(Admission::Declined) => "The host did not let you in",
                Some(_) => "The host has ended your visit",
            };
            view! {
                <GuestFrame contact>
                    <Page title=title lead=what width=PageWidth::Narrow>
                        <p>"If you think that is a mistake, contact the branch. The host can let you in again."</p>
                    </Page>
                </GuestFrame>
            }
            .into_any()
        }
        Stage::TooEarly { opens_at } => {
            let cancelling = landing
                .cant_come
                .map(|meaning| view! { <Cancel meaning secret=secret.clone() form=cancel.clone() /> });
            let errors = cancel.errors.clone();
            let first = isolate(&landing.guest).into_owned();
            let (calendar, check) = (paths::calendar(&secret), paths::device_check(&secret));
            let now = landing.now;
            let zone = landing.zone.clone();
            view! {
                <GuestFrame contact>
                    <Page title=what lead=format!("Your appointment, {first}") width=PageWidth::Narrow>
                        <FormErrors errors=errors.clone() />
                        <Moved landing=landing.clone() />
                        <Card>
                            <When landing=landing.clone() />
                            <p class="opens">
                                "You can join here from " <LocalTime at=opens_at zone /> ", in " <Countdown now opens_at on_open=again />
                                "."
                            </p>
                            <div class="actions">
                                <ButtonLink href=calendar kind=ButtonKind::Primary download=true>
                                    {t!(guest::landing::add_to_calendar)}
                                </ButtonLink>
                                <ButtonLink href=check>"Check your devices now"</ButtonLink>
                            </div>
                        </Card>
                        <Card title="What you need">
                            <ul class="plain-list">
                                <li>"This page in your browser, on a computer or a phone. There is nothing to install, and no account."</li>
                                <li>"A microphone. A camera is good to have; you can also join with sound only."</li>
                                <li>"Your link is yours: it lets you in under your name. Do not pass it on."</li>
                            </ul>
                        </Card>
                        {cancelling}
                    </Page>
                </GuestFrame>
            }
                .into_any()
        }
        Stage::Ended => {
            let was_in = landing.was_in;
            let ended = landing
                .ended_at
                .map(|at| view! { <p>"It ended on " <LocalTime at zone=landing.zone.clone() /> "."</p> });
            view! {
                <GuestFrame contact>
                    <Page title="Your appointment is over" lead=what width=PageWidth::Narrow>
                        <FormErrors errors=rate.errors />
                        {ended} {was_in.then(|| view! { <RateForm secret rating=landing.rating /> })}
                    </Page>
                </GuestFrame>
            }
            .into_any()
        }
        Stage::Cancelled { by } => {
            let by = match by {
                CancelledBy::Guest => "You cancelled it".to_owned(),
                CancelledBy::Staff => format!("{} cancelled it", landing.branch),
            };
            let zone = landing.zone.clone();
            let when = landing
                .cancelled_at
                .map(|at| view! { " on " <LocalTime at zone=zone.clone() /> });
            let reason = landing.cancel_reason.clone();
            view! {
                <GuestFrame contact>
                    <Page title="Your appointment was cancelled" lead=what width=PageWidth::Narrow>
                        <Notice tone=Tone::Warning>{by} {when} "."</Notice>
                        {(!reason.is_empty()).then(|| view! { <p class="prewrap">{format!("Reason: {reason}")}</p> })}
                        <p>
                            "It would have been " <TimeRange starts_at=landing.starts_at ends_at=landing.ends_at zone with_date=true with_zone=true />
                            "."
                        </p>
                        <p>"To make a new appointment, contact the branch."</p>
                    </Page>
                </GuestFrame>
            }
                .into_any()
        }
        Stage::Missed { side } => {
            let text = match side {
                Side::Guest => "We waited for you, but you were not there.",
                Side::Host => "You were there and nobody let you in. We are sorry.",
                Side::Technical => "The connection did not come about. We are sorry.",
            };
            view! {
                <GuestFrame contact>
                    <Page title="Your appointment did not take place" lead=what width=PageWidth::Narrow>
                        <p>{text}</p>
                        <When landing=landing.clone() />
                        <p>"To make a new appointment, contact the branch."</p>
                    </Page>
                </GuestFrame>
            }
            .into_any()
        }
    }
}

fn contact_of(landing: &Landing) -> AnyView {
    let (of, contact, hours) = (landing.branch.clone(), landing.contact.clone(), landing.hours);
    view! { <Contact of contact hours /> }.into_any()
}

/// The way in: pre-join, lobby, meeting.
#[component]
fn OpenNow(landing: Landing, secret: String) -> impl IntoView {
    let heading = t!(guest::landing::heading {
        service: &landing.service,
        host: &landing.host
    });
    let contact = contact_of(&landing);
    let after = paths::invitation(&secret);
    let calendar = paths::calendar(&secret);
    // One seat a link in this tab.
    let storage_key = format!("seat:guest:{}", landing.key);
    let rated = secret.clone();
    let rate = Rate::new(move |stars| {
        let secret = rated.clone();
        async move { rate(secret, stars).await.map_err(|error: ApiError| error.to_string()) }
    });
    let join = Join::new(move |request: crate::call::JoinRequest| {
        let secret = secret.clone();
        async move {
            join(secret, request.name, request.consent)
                .await
                .map_err(|error: ApiError| error.to_string())
        }
    });
    view! {
        <GuestFrame contact>
            <crate::components::DocumentTitle text=heading.clone() />
            <main id="content" class="meeting-page">
                <Moved landing=landing.clone() />
                // Steps back once the person is on their way in.
                <section class="appointment" aria-label="Your appointment">
                    <When landing=landing.clone() />
                    <p class="appointment__calendar">
                        <a href=calendar download="" rel="external">
                            "Add to calendar"
                        </a>
                    </p>
                </section>
                <Meeting heading name=landing.guest name_editable=true role=landing.role consent=landing.consent join rate storage_key after />
            </main>
        </GuestFrame>
    }
}

/// Said where the time was changed after this link was made.
#[component]
fn Moved(landing: Landing) -> impl IntoView {
    landing.moved_from.map(|from| {
        view! {
            <Notice tone=Tone::Info title="The time has changed.">
                "It was " <LocalTime at=from zone=landing.zone.clone() /> "; now it is "
                <LocalTime at=landing.starts_at zone=landing.zone.clone() /> "."
            </Notice>
        }
    })
}

#[component]
fn When(landing: Landing) -> impl IntoView {
    let other_zone = landing.zone != landing.agreed_zone;
    let phone = landing.contact.phone;
    view! {
        <p class="when">
            <TimeRange starts_at=landing.starts_at ends_at=landing.ends_at zone=landing.zone.clone() with_date=true with_zone=true />
        </p>
        {other_zone
            .then(|| {
                view! {
                    <p class="when__agreed">
                        "At the branch: "
                        <TimeRange starts_at=landing.starts_at ends_at=landing.ends_at zone=landing.agreed_zone.clone() with_date=true with_zone=true />
                    </p>
                }
            })}
        <p class="when__where">
            {landing.branch} {(!phone.is_empty()).then(|| view! { " · " <CallNumber number=phone /> })}
        </p>
    }
}

/// A person's own decision, in two steps and by POST: mail scanners that open links cancel nothing.
#[component]
fn Cancel(
    meaning: Declination,
    secret: String,
    form: crate::api::FormState<crate::forms::CancelForm>,
) -> impl IntoView {
    let open = !form.errors.is_empty();
    let (hint, button) = match meaning {
        Declination::Cancel => ("This cancels the appointment.", "Cancel my appointment"),
        Declination::Excuse => (
            "This is about you alone: the appointment takes place without you.",
            "Tell the host that I can't come",
        ),
    };
    view! {
        <details class="disclosure" open=open>
            <summary>"I can't come"</summary>
            <p class="field__hint">{hint}</p>
            <form class="form" method="post" action=paths::guest_cancel(&secret) novalidate>
                <TextArea
                    name="reason"
                    label="Anything the host should know"
                    value=form.form.reason
                    error=form.errors.get("reason")
                    maxlength=u32::try_from(Reason::MOST).unwrap_or(u32::MAX)
                    rows=2
                    optional=true
                />
                <Button kind=ButtonKind::Danger>{button}</Button>
            </form>
        </details>
    }
}

#[component]
fn RateForm(secret: String, rating: Option<u8>) -> impl IntoView {
    view! {
        <Card title="How was it?">
            <form method="post" action=paths::rate(&secret)>
                <Stars rating=rating />
            </form>
            {rating.map(|_| view! { <p role="status">"Thank you for your answer."</p> })}
        </Card>
    }
}
