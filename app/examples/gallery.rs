//! Renders every component in every state into HTML files, to be looked at and to be checked by machines:
//! `cargo run -p anteroom-app --features ssr --example gallery -- <folder>`.
#![recursion_limit = "512"]

use std::fs;
use std::path::{Path, PathBuf};

use anteroom_app::branding::{Branding, brand_css};
use anteroom_app::components::{
    Badge, Bar, BarChart, Button, ButtonKind, ButtonLink, Card, Cell, Checkbox, Choice, Column, Contact, CopyField,
    DataTable, DateField, EmptyState, Filters, FormErrors, GuestFrame, Icon, IconName, Listed, LocalTime, Moment,
    NavLink, NotFound, Notice, Order, Page, PageWidth, Pager, Row, SelectField, Series, StaffHeader, Stat, StateBadge,
    Stats, Step, Steps, TextArea, TextField, TimeField, TimeRange, Timeline, Tone,
};
use anteroom_app::forms::FieldErrors;
use anteroom_domain::consultation::{CancelledBy, Side, State};
use anteroom_domain::time::Zone;
use leptos::prelude::*;

#[path = "../../server/build/stylesheet.rs"]
mod stylesheet;

const LONG: &str = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmondeley";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("Name the folder to write to.")?);
    fs::create_dir_all(&folder)?;
    let brandings = [
        ("", Branding::default()),
        (
            "-brand",
            Branding {
                organisation: LONG.into(),
                accent: "#ffcc00".parse()?,
                imprint_url: Some("https://example.com/imprint".into()),
                ..Branding::default()
            },
        ),
    ];
    for (suffix, branding) in brandings {
        let css = format!("{}{}", styles()?, brand_css(&branding));
        for (name, page) in [
            ("guest", guest as fn() -> AnyView),
            ("day", day),
            ("form", form),
            ("figures", figures),
            ("parts", parts),
            ("empty", empty),
            ("lost", lost),
            ("dialog", dialog),
            ("agenda", agenda),
            ("landing", landing),
        ] {
            let branding = branding.clone();
            let body = Owner::new().with(|| {
                leptos_meta::provide_meta_context();
                provide_context(branding);
                page().to_html()
            });
            let html = format!(
                "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{name}</title><meta name=viewport content=\"width=device-width, initial-scale=1\"><style>{css}</style></head><body>{body}</body></html>"
            );
            fs::write(folder.join(format!("{name}{suffix}.html")), html)?;
        }
    }
    Ok(())
}

/// As the build makes it.
fn styles() -> std::io::Result<String> {
    fn read(place: &Path) -> std::io::Result<String> {
        if place.is_file() {
            return fs::read_to_string(place);
        }
        let mut files: Vec<_> = fs::read_dir(place)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .collect();
        files.sort();
        files.iter().map(|file| read(file)).collect()
    }
    let style = Path::new(env!("CARGO_MANIFEST_DIR")).join("../style");
    let mut layers = Vec::new();
    for (layer, place) in stylesheet::LAYERS {
        let place = style.join(place);
        layers.push((layer, if place.exists() { read(&place)? } else { String::new() }));
    }
    Ok(stylesheet::bundle(&layers))
}

fn zone() -> Zone {
    "Europe/Berlin".parse().unwrap_or_else(|_| Zone::utc())
}

fn at(text: &str) -> jiff::Timestamp {
    format!("2026-11-24T{text}:00Z").parse().unwrap_or_default()
}

fn header(current: &str, admin: bool, waiting: Option<&str>) -> AnyView {
    let link = |label: &str| NavLink::new(label, format!("/{}", label.to_lowercase()), label == current);
    let links = vec![
        link("Today"),
        link("Consultations"),
        link("Schedule"),
        link("Dashboard"),
    ];
    let admin_links = if admin {
        vec![link("Staff"), link("Services"), link("Branches")]
    } else {
        vec![]
    };
    let account_links = vec![link("Account")];
    match waiting {
        Some(text) => {
            let waiting = view! {
                <div class="waiting-bell">
                    <details class="menu menu--end" name="staff-menu">
                        <summary class="menu__button waiting-bell__button">
                            <span class="waiting-bell__count">{text.to_owned()}</span>
                            " waiting"
                        </summary>
                        <div class="menu__panel">
                            <ul class="waiting-bell__list">
                                <li>
                                    <a class="waiting-bell__guest" href="/room">
                                        <span class="waiting-bell__name">{LONG}</span>
                                        <span class="waiting-bell__what">"Mortgage advice with Ann Berger, since 4 min"</span>
                                    </a>
                                </li>
                            </ul>
                        </div>
                    </details>
                </div>
            }
            .into_any();
            view! {
                <StaffHeader home="/today" links admin_links waiting account_name=LONG account_links sign_out="/sign-out" />
            }
            .into_any()
        }
        None => view! {
            <StaffHeader home="/today" links admin_links account_name="Ann Berger" account_links sign_out="/sign-out" />
        }
        .into_any(),
    }
}

fn guest() -> AnyView {
    let reach = anteroom_domain::organisation::Contact {
        phone: "030 123 456".into(),
        ..Default::default()
    };
    let contact = view! { <Contact of="Friedrichstraße" contact=reach /> }.into_any();
    view! {
        <GuestFrame contact>
            <Page title="Your appointment is on Tuesday at 15:30" lead="Mortgage advice with Ann Berger" width=PageWidth::Narrow>
                <Steps label="Your appointment" steps=Step::list(&["Before", "Waiting", "Meeting", "Afterwards"], 1) />
                <Card>
                    <dl class="facts">
                        <div class="facts__fact"><dt>"When"</dt>
                        <dd>
                            <TimeRange starts_at=at("14:30") ends_at=at("15:15") zone=zone() with_date=true with_zone=true />
                        </dd></div>
                        <div class="facts__fact"><dt>"With"</dt>
                        <dd>{LONG} ", Branch Friedrichstraße"</dd></div>
                        <div class="facts__fact"><dt>"Where"</dt>
                        <dd>"On this page. Nothing to install."</dd></div>
                    </dl>
                    <div class="form__actions">
                        <ButtonLink href="/join" kind=ButtonKind::Primary large=true>
                            "Join the meeting"
                        </ButtonLink>
                        <ButtonLink href="/ics" large=true download=true>
                            <Icon name=IconName::Calendar />
                            "Add to calendar"
                        </ButtonLink>
                    </div>
                </Card>
                <Notice tone=Tone::Info title="This appointment was moved">
                    <p>"It was on Monday 23 November at 10:00. The new time is above."</p>
                </Notice>
                <div class="cluster">
                    <ButtonLink href="/move" kind=ButtonKind::Quiet>
                        "Choose another time"
                    </ButtonLink>
                    <ButtonLink href="/cancel" kind=ButtonKind::Quiet>
                        "Cancel the appointment"
                    </ButtonLink>
                </div>
            </Page>
        </GuestFrame>
    }
    .into_any()
}

fn states() -> Vec<State> {
    vec![
        State::Open,
        State::Live,
        State::Scheduled,
        State::Ended,
        State::Cancelled { by: CancelledBy::Staff },
        State::Cancelled { by: CancelledBy::Guest },
        State::Missed { side: Side::Guest },
        State::Missed { side: Side::Host },
        State::Missed { side: Side::Technical },
    ]
}

fn day() -> AnyView {
    let query: Vec<(String, String)> = vec![("q".into(), "a".into())];
    let columns = vec![
        Column::new("Time").sortable("/consultations", &query, "start", Some(Order::Ascending)),
        Column::new("Guest").sortable("/consultations", &query, "guest", None),
        Column::new("Service").sortable("/consultations", &query, "service", None),
        Column::new("Host"),
        Column::new("State"),
        Column::numeric("Minutes"),
        Column::actions("Actions"),
    ];
    let actions = view! {
        <ButtonLink href="/schedule" kind=ButtonKind::Primary>
            "Schedule a consultation"
        </ButtonLink>
    }
    .into_any();
    let branches = vec![Choice::new("1", "Friedrichstraße"), Choice::new("2", LONG)];
    view! {
        {header("Today", true, Some("2"))}
        <Page title="Today" lead="Tuesday 24 November 2026" width=PageWidth::Wide actions>
            <Notice tone=Tone::Warning title=format!("{LONG} is waiting") live=true>
                <p>"In the lobby for 4 min, for Mortgage advice at 15:30."</p>
            </Notice>
            <Filters action="/consultations" active=true keep=vec![("sort".into(), "start".into())]>
                <TextField name="q" label="Search" kind="search" value="a" />
                <SelectField name="branch" label="Branch" choices=branches prompt="All branches" value="2" />
                <DateField name="from" label="From" value="2026-11-24" />
            </Filters>
            <DataTable caption="Consultations today" columns>
                {states()
                    .into_iter()
                    .enumerate()
                    .map(|(index, state)| {
                        let name = if index == 1 { LONG } else { "Zoë Müller" };
                        view! {
                            <Row highlight={index == 0}>
                                <Cell label="Time" heading=true>
                                    <TimeRange starts_at=at("14:30") ends_at=at("15:15") zone=zone() />
                                </Cell>
                                <Cell label="Guest">
                                    <a href="/c/1">{name}</a>
                                </Cell>
                                <Cell label="Service">"Mortgage advice"</Cell>
                                <Cell label="Host">"Ann Berger"</Cell>
                                <Cell label="State">
                                    <StateBadge state occupied=true />
                                </Cell>
                                <Cell label="Minutes" numeric=true>
                                    "45"
                                </Cell>
                                <Cell>
                                    <ButtonLink href="/join">"Join"</ButtonLink>
                                </Cell>
                            </Row>
                        }
                    })
                    .collect_view()}
            </DataTable>
            <Pager path="/consultations" query page=2 page_size=25 total=73 listed=Listed::Consultations />
        </Page>
    }
    .into_any()
}

fn form() -> AnyView {
    let mut errors = FieldErrors::default();
    errors.add("", "That time was just taken. The next free times are 16:00 and 16:45.");
    errors.add("email", "Write the e-mail address like ann@example.com.");
    errors.add("service", "Choose what the consultation is about.");
    let (service_error, email_error) = (errors.get("service"), errors.get("email"));
    let services = || vec![Choice::new("1", "Mortgage advice"), Choice::new("2", LONG)];
    view! {
        {header("Schedule", false, None)}
        <Page title="Schedule a consultation" lead="The guest gets a link of their own." width=PageWidth::Narrow>
            <FormErrors errors />
            <form class="form" method="post">
                <Card title="What and when">
                    <SelectField
                        name="service"
                        label="Service"
                        choices=services()
                        prompt="Choose a service"
                        error=service_error
                        required=true
                    />
                    <div class="field-row">
                        <DateField name="date" label="Date" value="2026-11-24" required=true />
                        <TimeField name="time" label="Time" value="15:30" hint="On the clocks of the time zone below." />
                    </div>
                    <SelectField name="zone" label="Time zone" choices=vec![Choice::new("Europe/Berlin", "Europe/Berlin")] value="Europe/Berlin" />
                    <TextField name="minutes" label="Length in minutes" kind="number" value="45" min="5" max="480" />
                </Card>
                <Card title="The guest">
                    <TextField name="name" label="Name" value=LONG autocomplete="off" required=true />
                    <TextField
                        name="email"
                        label="E-mail"
                        kind="email"
                        value="ann at example.com"
                        hint="The confirmation and the link go there."
                        error=email_error
                    />
                    <TextField name="phone" label="Phone" kind="tel" optional=true />
                    <Checkbox name="remind" label="Remind the guest the day before" checked=true hint="By e-mail, at ten in the morning of their time zone." />
                    <TextArea name="notes" label="Notes" optional=true hint="Only staff sees them." value="</textarea><script>alert(1)</script>" />
                    <Checkbox name="consent" label="The guest has agreed to be written to" error="Tick this, or leave the e-mail address empty.".to_owned() />
                </Card>
                <div class="form__actions">
                    <Button kind=ButtonKind::Primary large=true>
                        "Schedule"
                    </Button>
                    <ButtonLink href="/today" kind=ButtonKind::Quiet large=true>
                        "Back without saving"
                    </ButtonLink>
                </div>
            </form>
        </Page>
    }
    .into_any()
}

fn figures() -> AnyView {
    let series = [
        ("Kept", "kept"),
        ("Pending", "pending"),
        ("Cancelled", "cancelled"),
        ("Missed by the guest", "missed-guest"),
        ("Missed by the host", "missed-host"),
        ("Missed for technical reasons", "missed-technical"),
    ]
    .map(|(label, class)| Series {
        label: label.into(),
        class,
    });
    let (by_day, by_weekday) = (series.to_vec(), series.to_vec());
    fn bars(days: i64) -> Vec<Bar> {
        (1..=days)
            .map(|day| Bar {
                label: format!("{day} Nov"),
                full_label: format!("{day} November 2026"),
                values: vec![
                    day * 7 % 19,
                    day % 3,
                    day % 4,
                    day * 5 % 3,
                    day % 2,
                    i64::from(day % 6 == 0),
                ],
            })
            .collect()
    }
    view! {
        {header("Dashboard", true, Some("1"))}
        <Page title="Dashboard" lead="1 to 30 November 2026, all branches" width=PageWidth::Wide>
            <Stats>
                <Stat label="Scheduled" figure="1,204" definition="Every consultation whose start, as last agreed, lies in the range, whatever became of it." />
                <Stat label="Kept" figure="1,012" note="84 %" href="/consultations?outcome=kept" definition="A guest who was let in and a member of staff both had a media connection at the same time." />
                <Stat label="Missed by the host" figure="3" note="0.2 %" href="/x" />
                <Stat label="Wait in the lobby, median" figure="1 min 12 s" />
                <Stat label="Wait in the lobby, 90th percentile" figure="–" note="no guest yet" />
            </Stats>
            <Card>
                <BarChart title="Consultations by day" axis="Day" series=by_day bars=bars(30) />
            </Card>
            <Card title="This week">
                <BarChart title="Consultations by weekday" axis="Day" series=by_weekday bars=bars(5) />
            </Card>
            <DataTable
                caption="By branch"
                show_caption=true
                scroll=true
                columns=vec![
                    Column::new("Branch"),
                    Column::numeric("Scheduled"),
                    Column::numeric("Kept"),
                    Column::numeric("Cancelled"),
                    Column::numeric("Missed by the guest"),
                    Column::numeric("Missed by the host"),
                ]
            >
                {["Friedrichstraße", LONG]
                    .map(|branch| {
                        view! {
                            <Row>
                                <Cell heading=true>{branch}</Cell>
                                {[602, 511, 40, 48, 3]
                                    .map(|n| {
                                        view! {
                                            <Cell numeric=true>
                                                <a href="/c">{n}</a>
                                            </Cell>
                                        }
                                    })
                                    .collect_view()}
                            </Row>
                        }
                    })
                    .collect_view()}
            </DataTable>
        </Page>
    }
    .into_any()
}

fn parts() -> AnyView {
    let moment = |time: &str, title: &str, detail: &str, tone| Moment {
        at: at(time),
        title: title.into(),
        detail: detail.into(),
        tone,
    };
    let above = view! {
        <a href="/consultations">"Consultations"</a>
        <StateBadge state=State::Live occupied=true />
    }
    .into_any();
    let actions = view! {
        <ButtonLink href="/room" kind=ButtonKind::Primary>
            "Join"
        </ButtonLink>
        <ButtonLink href="/edit">"Edit"</ButtonLink>
        <Button kind=ButtonKind::Danger>"Cancel it"</Button>
    }
    .into_any();
    let all = [Tone::Neutral, Tone::Info, Tone::Success, Tone::Warning, Tone::Danger];
    view! {
        {header("Consultations", true, None)}
        <Page title=format!("Mortgage advice for {LONG}") lead="Tuesday 24 November 2026, 15:30–16:15" above actions>
            <div class="columns">
                <div class="columns__main">
                    <Card title="The guest's link">
                        <CopyField
                            name="link"
                            label="Link for the guest"
                            value="https://bank.example/j/3q2-7wG8ZkPq1x5c8vN0aRjT4yUoL9"
                            hint="It is shown once. Whoever has it can come to the lobby."
                        />
                    </Card>
                    <Card title="Buttons">
                        <div class="cluster">
                            <Button kind=ButtonKind::Primary>"Primary"</Button>
                            <Button>"Secondary"</Button>
                            <Button kind=ButtonKind::Quiet>"Quiet"</Button>
                            <Button kind=ButtonKind::Danger>"Danger"</Button>
                            <Button kind=ButtonKind::Primary disabled=true>
                                "Disabled"
                            </Button>
                        </div>
                        <div class="cluster">
                            {all.map(|tone| view! { <Badge tone label=tone.as_str() /> }).collect_view()}
                            {states().into_iter().map(|state| view! { <StateBadge state occupied=true /> }).collect_view()}
                        </div>
                    </Card>
                    {all
                        .map(|tone| {
                            view! {
                                <Notice tone title=format!("A notice: {}", tone.as_str())>
                                    <p>"What happened, and " <a href="/x">"what to do next"</a> "."</p>
                                </Notice>
                            }
                        })
                        .collect_view()}
                </div>
                <Card title="History">
                    <Timeline
                        zone=zone()
                        moments=vec![
                            moment("09:02", "Scheduled", "Ann Berger", Tone::Neutral),
                            moment("14:24", "Guest arrived", "", Tone::Info),
                            moment("14:31", "Admitted", LONG, Tone::Success),
                            moment("14:40", "Left", "connection lost", Tone::Warning),
                            moment("14:52", "Removed", "Ann Berger", Tone::Danger),
                        ]
                    />
                </Card>
            </div>
        </Page>
    }
    .into_any()
}

fn empty() -> AnyView {
    view! {
        {header("Consultations", false, None)}
        <Page title="Consultations" width=PageWidth::Wide>
            <EmptyState title="No consultation matches" text="Nothing between 1 and 30 November with these filters.">
                <ButtonLink href="/consultations">"Show all"</ButtonLink>
            </EmptyState>
            <Pager path="/consultations" query=vec![] page=1 page_size=25 total=0 listed=Listed::Consultations />
            <BarChart title="Consultations by day" axis="Day" series=vec![Series { label: "Kept".into(), class: "kept" }] bars=vec![] />
        </Page>
    }
    .into_any()
}

fn lost() -> AnyView {
    view! { <NotFound /> }.into_any()
}

fn dialog() -> AnyView {
    view! {
        <Page title="Behind the dialog">
            <dialog class="dialog" open aria-labelledby="d-title">
                <h2 class="dialog__title" id="d-title">
                    "End the consultation for everyone?"
                </h2>
                <p>"All participants leave. What was written is gone then."</p>
                <div class="cluster">
                    <Button kind=ButtonKind::Danger>"End it"</Button>
                    <Button>"Go back"</Button>
                </div>
            </dialog>
        </Page>
    }
    .into_any()
}

/// The marks that the pages themselves put around components.
fn agenda() -> AnyView {
    let item = |class: &'static str, state: State, name: &'static str| {
        let over = state.is_final();
        view! {
            <li class=format!("agenda__item {class}")>
                <div class="agenda__when">
                    <TimeRange starts_at=at("14:30") ends_at=at("15:15") zone=zone() />
                    {(class == "is-next").then(|| view! { <span class="agenda__hint">"Next, in 12 min"</span> })}
                </div>
                <div class="agenda__what">
                    <h2 class="agenda__guest">
                        <a href="/c">{name}</a>
                    </h2>
                    <p class="agenda__service">"Mortgage advice · You"</p>
                    {(class == "is-waiting")
                        .then(|| view! { <p class="agenda__waiting">"A guest is waiting, since 4 min"</p> })}
                </div>
                <div class="agenda__state">
                    <StateBadge state occupied=true />
                </div>
                <div class="agenda__actions">
                    {(!over)
                        .then(|| {
                            view! {
                                <a class=if class.is_empty() { "button" } else { "button button--primary" } href="/r">
                                    {if class == "is-waiting" { "Admit" } else { "Join" }}
                                </a>
                                <a class="button button--quiet" href="/c">
                                    "Guest link"
                                </a>
                            }
                        })}
                </div>
            </li>
        }
    };
    let actions = view! {
        <nav class="day-nav" aria-label="Other days">
            <ButtonLink href="/1" kind=ButtonKind::Quiet>
                "Day before"
            </ButtonLink>
            <ButtonLink href="/2" kind=ButtonKind::Quiet>
                "Day after"
            </ButtonLink>
        </nav>
        <ButtonLink href="/schedule" kind=ButtonKind::Primary>
            "Schedule a consultation"
        </ButtonLink>
    }
    .into_any();
    view! {
        {header("Today", true, Some("1"))}
        <Page title="Today" lead="Tuesday 24 November 2026: 6 consultations" width=PageWidth::Wide actions>
            <ul class="agenda">
                {item("is-waiting", State::Open, LONG)} {item("", State::Live, "Zoë Müller, Karim Haddad")}
                {item("is-next", State::Scheduled, "Ola Nordmann")} {item("", State::Scheduled, "Grace Ho")}
                {item("is-over", State::Ended, "Ivo Petrov")}
                {item("is-over", State::Missed { side: Side::Guest }, "Maria Garcia")}
            </ul>
        </Page>
    }
    .into_any()
}

fn landing() -> AnyView {
    view! {
        <GuestFrame>
            <Page title="Mortgage advice with Ann Berger" lead="Your appointment, Zoë Müller" width=PageWidth::Narrow>
                <Card>
                    <p class="when">
                        <TimeRange starts_at=at("14:30") ends_at=at("15:15") zone=zone() with_date=true with_zone=true />
                    </p>
                    <p class="when__where">"Branch Friedrichstraße"</p>
                    <p class="opens">
                        "You can come in from " <LocalTime at=at("14:15") zone=zone() /> ", in "
                        <span class="countdown">"12 min 04 s"</span> "."
                    </p>
                    <div class="actions">
                        <ButtonLink href="/ics" kind=ButtonKind::Primary download=true>
                            "Add to calendar"
                        </ButtonLink>
                        <ButtonLink href="/check">"Check your devices now"</ButtonLink>
                    </div>
                </Card>
                <Card title="What you need">
                    <ul class="plain-list">
                        <li>"This page in your browser. There is nothing to install, and no account."</li>
                        <li>"A microphone. A camera is good to have."</li>
                    </ul>
                </Card>
                <details class="disclosure" open>
                    <summary>"I can't come"</summary>
                    <form class="form" method="post">
                        <TextArea name="reason" label="Anything the host should know" rows=2 optional=true />
                        <Button kind=ButtonKind::Danger>"Cancel my appointment"</Button>
                    </form>
                </details>
                <Card title="How was it?">
                    <div class="rate__stars" role="group" aria-label="Your rating">
                        {["Very bad", "Bad", "All right", "Good", "Very good"]
                            .map(|word| {
                                view! {
                                    <button class="rate__star" class:is-chosen=word.starts_with("Very b") type="submit">
                                        <span aria-hidden="true">"★"</span>
                                        <span class="rate__word">{word}</span>
                                    </button>
                                }
                            })
                            .collect_view()}
                    </div>
                </Card>
            </Page>
        </GuestFrame>
    }
    .into_any()
}
