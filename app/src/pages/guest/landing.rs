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
                <Notice tone=Tone::Info title=t!(guest::landing::news_title)>
                    {t_view!(guest::landing::news_text {
                        link: view! {
                            <a href="" rel="external">
                                {t!(guest::landing::news_link)}
                            </a>
                        },
                    })}
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
            <Page title=t!(guest::link::title) width=PageWidth::Narrow>
                <p>{t!(guest::link::newest_message)}</p>
                <p>{t!(guest::link::ask_for_new)}</p>
            </Page>
        </GuestFrame>
    }
}

#[component]
fn Invited(invitation: Invitation, secret: String, again: Callback<()>) -> impl IntoView {
    let Invitation { landing, cancel, rate } = invitation;
    let what = t!(guest::landing::heading {
        service: &landing.service,
        host: &landing.host
    });
    let contact = contact_of(&landing);
    match landing.stage {
        Stage::TooEarly { .. } | Stage::Open if landing.excused => view! {
            <GuestFrame contact>
                <Page title=t!(guest::landing::excused_title) lead=what width=PageWidth::Narrow>
                    <p>{t!(guest::landing::excused_others_meet)}</p>
                    <When landing=landing.clone() />
                    <p>{t!(guest::landing::excused_come_after_all)}</p>
                </Page>
            </GuestFrame>
        }
        .into_any(),
        Stage::Open => {
            let title = match landing.kept_out {
                None => return view! { <OpenNow landing secret /> }.into_any(),
                Some(Admission::Declined) => t!(guest::landing::declined_title),
                Some(_) => t!(guest::landing::removed_title),
            };
            view! {
                <GuestFrame contact>
                    <Page title=title lead=what width=PageWidth::Narrow>
                        <p>{t!(guest::landing::kept_out_by_mistake)}</p>
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
            let lead = t!(guest::landing::greeting { guest: &landing.guest });
            let (calendar, check) = (paths::calendar(&secret), paths::device_check(&secret));
            let now = landing.now;
            let zone = landing.zone.clone();
            view! {
                <GuestFrame contact>
                    <Page title=what lead width=PageWidth::Narrow>
                        <FormErrors errors=errors.clone() />
                        <Moved landing=landing.clone() />
                        <Card>
                            <When landing=landing.clone() />
                            <p class="opens">
                                {t_view!(guest::landing::opens {
                                    time: view! { <LocalTime at=opens_at zone /> },
                                    countdown: view! { <Countdown now opens_at on_open=again /> },
                                })}
                            </p>
                            <div class="actions">
                                <ButtonLink href=calendar kind=ButtonKind::Primary download=true>
                                    {t!(guest::landing::add_to_calendar)}
                                </ButtonLink>
                                <ButtonLink href=check>{t!(guest::landing::check_devices)}</ButtonLink>
                            </div>
                        </Card>
                        <Card title=t!(guest::landing::needs_title)>
                            <ul class="plain-list">
                                <li>{t!(guest::landing::needs_browser)}</li>
                                <li>{t!(guest::landing::needs_microphone)}</li>
                                <li>{t!(guest::landing::needs_own_link)}</li>
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
            let ended = landing.ended_at.map(|at| {
                let when = view! { <LocalTime at zone=landing.zone.clone() /> };
                view! { <p>{t_view!(guest::landing::ended_at { time: when })}</p> }
            });
            view! {
                <GuestFrame contact>
                    <Page title=t!(guest::landing::over_title) lead=what width=PageWidth::Narrow>
                        <FormErrors errors=rate.errors />
                        {ended} {was_in.then(|| view! { <RateForm secret rating=landing.rating /> })}
                    </Page>
                </GuestFrame>
            }
            .into_any()
        }
        Stage::Cancelled { by } => {
            let zone = landing.zone.clone();
            let when = landing
                .cancelled_at
                .map(|at| view! { <LocalTime at zone=zone.clone() /> });
            let whose = view! { <bdi>{landing.branch.clone()}</bdi> };
            let by_whom = match (by, when) {
                (CancelledBy::Guest, Some(when)) => t_view!(guest::landing::cancelled_by_you_at { time: when }),
                (CancelledBy::Guest, None) => vec![t!(guest::landing::cancelled_by_you).into_any()],
                (CancelledBy::Staff, Some(when)) => {
                    t_view!(guest::landing::cancelled_by_branch_at {
                        branch: whose,
                        time: when
                    })
                }
                (CancelledBy::Staff, None) => t_view!(guest::landing::cancelled_by_branch { branch: whose }),
            };
            let reason = Some(landing.cancel_reason.clone()).filter(|reason| !reason.is_empty());
            let reason = reason.map(|reason| {
                let words = view! { <bdi>{reason}</bdi> };
                view! { <p class="prewrap">{t_view!(guest::landing::cancel_reason { reason: words })}</p> }
            });
            let would_have_been = view! { <TimeRange starts_at=landing.starts_at ends_at=landing.ends_at zone with_date=true with_zone=true /> };
            view! {
                <GuestFrame contact>
                    <Page title=t!(guest::landing::cancelled_title) lead=what width=PageWidth::Narrow>
                        <Notice tone=Tone::Warning>{by_whom}</Notice>
                        {reason} <p>{t_view!(guest::landing::would_have_been { time: would_have_been })}</p>
                        <p>{t!(guest::landing::new_appointment)}</p>
                    </Page>
                </GuestFrame>
            }
            .into_any()
        }
        Stage::Missed { side } => {
            let text = match side {
                Side::Guest => t!(guest::landing::missed_by_guest),
                Side::Host => t!(guest::landing::missed_by_host),
                Side::Technical => t!(guest::landing::missed_for_technical_reasons),
            };
            view! {
                <GuestFrame contact>
                    <Page title=t!(guest::landing::missed_title) lead=what width=PageWidth::Narrow>
                        <p>{text}</p>
                        <When landing=landing.clone() />
                        <p>{t!(guest::landing::new_appointment)}</p>
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
        async move {
            rate(secret, stars)
                .await
                .map_err(|error: ApiError| error.sentence(crate::language::lang()))
        }
    });
    let join = Join::new(move |request: crate::call::JoinRequest| {
        let secret = secret.clone();
        async move {
            join(secret, request.name, request.consent)
                .await
                .map_err(|error: ApiError| error.sentence(crate::language::lang()))
        }
    });
    view! {
        <GuestFrame contact>
            <crate::components::DocumentTitle text=heading.clone() />
            <main id="content" class="meeting-page">
                <Moved landing=landing.clone() />
                // Steps back once the person is on their way in.
                <section class="appointment" aria-label=t!(guest::landing::appointment_label)>
                    <When landing=landing.clone() />
                    <p class="appointment__calendar">
                        <a href=calendar download="" rel="external">
                            {t!(guest::landing::add_to_calendar)}
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
            <Notice tone=Tone::Info title=t!(guest::landing::moved_title)>
                {t_view!(guest::landing::moved {
                    before: view! { <LocalTime at=from zone=landing.zone.clone() /> },
                    now: view! { <LocalTime at=landing.starts_at zone=landing.zone.clone() /> },
                })}
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
                let there = view! { <TimeRange starts_at=landing.starts_at ends_at=landing.ends_at zone=landing.agreed_zone.clone() with_date=true with_zone=true /> };
                view! { <p class="when__agreed">{t_view!(guest::landing::at_the_branch { time: there })}</p> }
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
        Declination::Cancel => (t!(guest::landing::cancel_hint), t!(guest::landing::cancel_button)),
        Declination::Excuse => (t!(guest::landing::excuse_hint), t!(guest::landing::excuse_button)),
    };
    view! {
        <details class="disclosure" open=open>
            <summary>{t!(guest::landing::cannot_come)}</summary>
            <p class="field__hint">{hint}</p>
            <form class="form" method="post" action=paths::guest_cancel(&secret) novalidate>
                <TextArea
                    name="reason"
                    label=t!(guest::landing::cannot_come_reason)
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
        <Card title=t!(guest::rating::question)>
            <form method="post" action=paths::rate(&secret)>
                <Stars rating=rating />
            </form>
            {rating.map(|_| view! { <p role="status">{t!(guest::rating::thanks)}</p> })}
        </Card>
    }
}
