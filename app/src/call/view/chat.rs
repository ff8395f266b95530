use anteroom_domain::chat::MAX_CHAT_CHARS;
use anteroom_domain::visit::Role;
use leptos::{html, prelude::*};

use super::{Sign, SignIcon, focus::focus};
use crate::call::{
    chat_log::{self, ChatLog},
    draft::Draft,
    external::readers,
    links::{Piece, pieces},
    stage::SocketState,
    state::{Call, Command},
};

/// The messages and the field to write one. A message is plain text, in which addresses of the web become links.
#[component]
pub fn Chat() -> impl IntoView {
    let call = Call::here();
    let draft = call.chat.draft;
    let field = NodeRef::<html::Textarea>::new();
    let list = NodeRef::<html::Div>::new();
    let offline = move || call.socket.get() == SocketState::Reconnecting;

    Effect::new(move |_| {
        if let Some(field) = field.get() {
            focus(&field);
        }
    });
    // Messages on screen count as read; the newest stays in view.
    Effect::new(move |_| {
        let count = call.chat.log.with(|log| log.messages().len());
        let me = untrack(|| call.me());
        if call.chat.log.with_untracked(|log| log.unread(me) > 0) {
            call.chat.log.update(ChatLog::read);
        }
        if count > 0
            && let Some(list) = list.get()
        {
            scroll_to_end(&list);
        }
    });

    let send = move || {
        if call.socket.get_untracked() == SocketState::Connected
            && let Some(text) = draft.try_update(Draft::send).flatten()
        {
            call.ask(Command::Chat(text));
        }
    };
    view! {
        <div class="chat">
            <div class="chat__messages" node_ref=list tabindex="0" role="log" aria-label=t!(guest::chat::messages) aria-live="polite">
                <For each=move || call.chat.log.with(|log| log.messages().to_vec()) key=|message| message.id let:message>
                    <Message message />
                </For>
            </div>
            <Show when=move || call.chat.log.with(|log| log.messages().is_empty())>
                <p class="chat__empty">{t!(guest::chat::empty)}</p>
            </Show>
            <form
                class="chat__form"
                method="post"
                on:submit=move |event| {
                    event.prevent_default();
                    send();
                }
            >
                <label class="visually-hidden" for="chat-input">
                    {t!(guest::chat::field)}
                </label>
                <textarea
                    class="field__control chat__field"
                    id="chat-input"
                    data-test="chat-input"
                    rows="2"
                    dir="auto"
                    maxlength=MAX_CHAT_CHARS.to_string()
                    placeholder=t!(guest::chat::placeholder)
                    aria-describedby="chat-hint"
                    node_ref=field
                    prop:value=move || draft.with(|draft| draft.text().to_owned())
                    on:input=move |event| draft.update(|draft| draft.write(event_target_value(&event)))
                    on:keydown=move |event| {
                        if event.key() == "Enter" && !event.shift_key() && !is_composing(&event) {
                            event.prevent_default();
                            send();
                        }
                    }
                ></textarea>
                <button
                    type="submit"
                    class="button button--primary chat__send"
                    data-test="chat-send"
                    aria-label=t!(guest::chat::send)
                    disabled=offline
                >
                    <SignIcon sign=Sign::Send />
                </button>
                <p class="chat__hint" id="chat-hint">
                    <span data-test="chat-readers">{move || call.meeting.external.with(|external| readers(external.as_ref(), call.is_host()))}</span>
                    " "
                    {t!(guest::chat::keys)}
                </p>
            </form>
        </div>
    }
    .into_any()
}

/// While a person composes a word (in Japanese, for one) Enter belongs to the input method. Safari ends the composition
/// before it reports the key, and marks that by the number 229 alone (<https://bugs.webkit.org/show_bug.cgi?id=165004>).
fn is_composing(event: &leptos::ev::KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

#[component]
fn Message(message: chat_log::Message) -> impl IntoView {
    let call = Call::here();
    let own = message.is_by(untrack(|| call.me()));
    view! {
        <div class="chat__message" class:chat__message--own=own data-test="chat-message">
            <span class="chat__who">
                <bdi>{if own { t!(guest::chat::you).to_owned() } else { message.name }}</bdi> " "
                // Anybody can call themselves what the host is called.
                {(message.role == Role::Host && !own)
                    .then(|| view! { <span class="chat__role" data-test="chat-role">{t!(guest::chat::host)}</span> })} " "
                <Clock at=message.at />
            </span>
            <span class="chat__text" dir="auto">
                {pieces(&message.text).into_iter().map(piece).collect_view()}
            </span>
        </div>
    }
    .into_any()
}

fn piece(piece: Piece<'_>) -> AnyView {
    match piece {
        Piece::Text(text) => text.to_owned().into_any(),
        // Whole, and from left to right whatever stands around it, so that it cannot seem to lead elsewhere.
        Piece::Link(address) => view! {
            <a href=address.to_owned() target="_blank" rel="noopener noreferrer nofollow" dir="ltr" data-test="chat-link">
                {address.to_owned()}
            </a>
        }
        .into_any(),
    }
}

/// The time of day on the reader's clock, which the server does not know: its markup has none.
#[component]
fn Clock(at: i64) -> impl IntoView {
    view! { <span class="chat__at">{clock(at)}</span> }
}

#[cfg(feature = "hydrate")]
#[expect(clippy::cast_precision_loss, reason = "a time of this millennium")]
fn clock(at: i64) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at as f64));
    let part = |number: u32| i8::try_from(number).unwrap_or_default();
    let time = jiff::civil::Time::new(part(date.get_hours()), part(date.get_minutes()), 0, 0);
    crate::language::lang().clock(time.unwrap_or_default())
}

#[cfg(not(feature = "hydrate"))]
fn clock(_at: i64) -> String {
    String::new()
}

#[cfg(feature = "hydrate")]
fn scroll_to_end(list: &web_sys::HtmlElement) {
    let list = list.clone();
    // After the new message has been laid out.
    request_animation_frame(move || list.set_scroll_top(list.scroll_height()));
}

#[cfg(not(feature = "hydrate"))]
fn scroll_to_end<E>(_list: &E) {}
