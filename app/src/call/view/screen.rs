use anteroom_domain::visit::TeamsPresence;
use anteroom_protocol::media::Quality;
use leptos::prelude::*;

use super::{
    Sign, SignIcon,
    banner::Banners,
    chat::Chat,
    controls::{Controls, control_id},
    focus::{CALL_TITLE, SIDE_TITLE, StageHeading, focus_soon},
    help::{Help, Troubles},
    people::People,
    settings::{DeviceSettings, DeviceTroubles, LabelsSwitch},
    teams::TeamsBar,
    tile::Tile,
    waiting::WaitingPanel,
};
use crate::call::{
    layout::{grid_class, layout},
    messages,
    participant::ParticipantId,
    shortcuts::Shortcut,
    stage::CallStage,
    state::{Call, Command, Panel},
};

/// The call: tiles, controls, and one side panel at a time.
#[component]
pub fn CallScreen(heading: String) -> impl IntoView {
    let call = Call::here();
    listen_for_keys(call);
    move_focus_with_panel(call);
    let tiles = Memo::new(move |_| {
        let me = call.me().map(ParticipantId::Visit);
        call.participants.with(|people| layout(people, me))
    });
    let all = move || {
        let tiles = tiles.get();
        tiles
            .stage
            .into_iter()
            .chain(tiles.others)
            .chain(tiles.own)
            .collect::<Vec<_>>()
    };
    let alone = Memo::new(move |_| tiles.with(|tiles| tiles.others.is_empty() && tiles.stage.is_none()));
    // A region that scrolls must be reachable by keyboard.
    let scrolls = Memo::new(move |_| tiles.with(|tiles| tiles.stage.is_some() || tiles.others.len() > 3));
    let nobody = move || {
        let presence = call
            .meeting
            .external
            .with(|external| external.as_ref().map(|external| external.presence));
        if call.is_host() && presence.is_some() {
            t!(guest::call::guests_shown_here).to_owned()
        } else if !call.is_host() && presence.is_some_and(|presence| presence != Some(TeamsPresence::In)) {
            // The bar above shows the progress; the people of the external meeting are not known yet.
            String::new()
        } else if !call.is_host() {
            t!(guest::call::only_you).to_owned()
        } else {
            call.meeting.room.with(|room| messages::alone(room.as_ref()))
        }
    };
    view! {
        <div class="call" class:call--panel=move || call.panel.get() != Panel::None data-test="call">
            <header class="call__head">
                <StageHeading text=heading class="call__heading" id=CALL_TITLE />
                <p class="call__facts">
                    <CallLength />
                    <QualityWord />
                </p>
            </header>
            <Banners />
            <TeamsBar />
            <Show when=move || call.is_host()>
                <WaitingPanel />
            </Show>
            <div
                class=move || tiles.with(grid_class)
                role="group"
                aria-label=t!(guest::call::pictures)
                tabindex=move || scrolls.get().then_some("0")
            >
                <For each=all key=|id| *id let:id>
                    <Tile id />
                </For>
                <Show when=move || alone.get()>
                    <p class="call-grid__nobody">{nobody}</p>
                </Show>
            </div>
            <Show when=move || call.panel.get() != Panel::None>
                <SidePanel />
            </Show>
            <Controls />
        </div>
    }
    .into_any()
}

#[component]
fn CallLength() -> impl IntoView {
    let call = Call::here();
    // The length counts for everybody from the moment when both sides are in.
    let length = Memo::new(move |_| {
        let since = call.meeting.room.with(|room| room.as_ref()?.live_at);
        since.map(|since| messages::length((call.meeting.now.get() - since).max(0)))
    });
    view! {
        <span class="call__length">
            <span class="visually-hidden">{t!(guest::call::length)} " "</span>
            {move || length.get().unwrap_or_else(|| "0:00".into())}
        </span>
    }
}

#[component]
fn QualityWord() -> impl IntoView {
    let call = Call::here();
    let short = move || match call.media.quality.get() {
        Quality::Good => t!(guest::quality::good_short),
        Quality::Fair => t!(guest::quality::fair_short),
        Quality::Poor => t!(guest::quality::poor_short),
        Quality::Lost => t!(guest::quality::lost_short),
    };
    view! {
        <span
            class="quality"
            data-test="quality"
            data-quality=move || messages::quality_word(call.media.quality.get())
            title=move || messages::quality(call.media.quality.get())
        >
            {short}
        </span>
    }
}

#[component]
fn SidePanel() -> impl IntoView {
    let call = Call::here();
    let title = move || match call.panel.get() {
        Panel::Chat => t!(guest::controls::chat),
        Panel::People => t!(guest::controls::people),
        Panel::Settings => t!(guest::controls::devices),
        Panel::Help => t!(guest::controls::help),
        Panel::None => "",
    };
    view! {
        <section class="side" aria-labelledby=SIDE_TITLE data-test="panel">
            <header class="side__head">
                <h2 class="side__title" id=SIDE_TITLE tabindex="-1">
                    {title}
                </h2>
                <button
                    type="button"
                    class="button button--quiet side__close"
                    data-test="panel-close"
                    aria-label=t!(guest::call::close_panel)
                    on:click=move |_| call.panel.set(Panel::None)
                >
                    <SignIcon sign=Sign::Close />
                </button>
            </header>
            <div class="side__body">
                {move || match call.panel.get() {
                    Panel::Chat => view! { <Chat /> }.into_any(),
                    Panel::People => view! { <People /> }.into_any(),
                    Panel::Settings => view! { <Settings /> }.into_any(),
                    Panel::Help => view! { <Help /> }.into_any(),
                    Panel::None => ().into_any(),
                }}
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Settings() -> impl IntoView {
    view! {
        <DeviceTroubles />
        <DeviceSettings />
        <LabelsSwitch />
        <Troubles />
    }
}

fn run(call: Call, shortcut: Shortcut) {
    match shortcut {
        Shortcut::Microphone => call.ask(Command::ToggleMicrophone),
        Shortcut::Camera => call.ask(Command::ToggleCamera),
        Shortcut::Share => call.ask(Command::ToggleScreen),
        Shortcut::Chat => call.toggle_panel(Panel::Chat),
        Shortcut::People => call.toggle_panel(Panel::People),
        Shortcut::Settings => call.toggle_panel(Panel::Settings),
        Shortcut::Help => call.toggle_panel(Panel::Help),
    }
}

/// The button that opens a side panel.
fn toggle_of(panel: Panel) -> Option<&'static str> {
    match panel {
        Panel::Chat => Some("chat-toggle"),
        Panel::People => Some("people-toggle"),
        Panel::Settings => Some("settings-toggle"),
        Panel::Help => Some("help-toggle"),
        Panel::None => None,
    }
}

/// An opening side panel takes the focus to its heading; a closing one gives it back to its button.
fn move_focus_with_panel(call: Call) {
    Effect::new(move |before: Option<Panel>| {
        let now = call.panel.get();
        let before = before.unwrap_or_default();
        if now == before {
            return now;
        }
        let leads_to = match toggle_of(now).or_else(|| toggle_of(before)) {
            _ if now != Panel::None => Some(SIDE_TITLE.to_owned()),
            toggle => toggle.map(control_id),
        };
        // When the call is over, its last screen has the focus.
        if let Some(id) = leads_to.filter(|_| call.stage.with_untracked(CallStage::in_room)) {
            focus_soon(id);
        }
        now
    });
}

/// Listens for the keys while this screen is up. Escape closes the side panel from anywhere.
#[cfg(feature = "hydrate")]
fn listen_for_keys(call: Call) {
    use crate::call::shortcuts::{Press, shortcut};
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let document = web_sys::window().and_then(|window| window.document());
        // A modal dialog has the keys to itself.
        if document
            .as_ref()
            .is_some_and(|document| document.query_selector("dialog[open]").ok().flatten().is_some())
        {
            return;
        }
        if event.key() == "Escape" {
            call.panel.set(Panel::None);
            return;
        }
        let focus = document
            .and_then(|document| document.active_element())
            .map(|element| element.tag_name().to_lowercase())
            .unwrap_or_default();
        let press = Press {
            key: &event.key(),
            on: call.preferences.keys.get_untracked(),
            modified: event.ctrl_key() || event.alt_key() || event.meta_key(),
            repeated: event.repeat(),
            focus: &focus,
        };
        if let Some(shortcut) = shortcut(&press) {
            event.prevent_default();
            run(call, shortcut);
        }
    });
    on_cleanup(move || handle.remove());
}

#[cfg(not(feature = "hydrate"))]
fn listen_for_keys(call: Call) {
    let _: (Call, fn(Call, Shortcut)) = (call, run);
}
