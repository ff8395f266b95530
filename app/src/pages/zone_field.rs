//! Choosing a time zone. It is typed as the name of a city, and the server knows which one is meant: that works without
//! scripts. With them the browser offers what begins like it. The list is fetched when somebody comes to such a field: in
//! the page it would weigh more than all the rest of it.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::{TextField, zone_shown};

/// The zones to choose from, once they were fetched. One for the whole application.
#[derive(Clone, Copy, Debug, Default)]
pub struct ZoneOptions(RwSignal<Vec<String>>);

const LIST: &str = "zones";

/// What the fields of a page offer: one list for all of them. Belongs into every form with a [`ZoneField`].
#[component]
pub fn ZoneList() -> impl IntoView {
    let ZoneOptions(options) = use_context().unwrap_or_default();
    view! {
        <datalist id=LIST>
            {move || options.get().into_iter().map(|zone| view! { <option value=zone></option> }).collect_view()}
        </datalist>
    }
}

/// A time zone.
#[component]
pub fn ZoneField(
    name: &'static str,
    label: &'static str,
    /// The zone, or what was typed.
    value: String,
    now: Timestamp,
    #[prop(default = t!(guest::zone::hint))] hint: &'static str,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] required: bool,
    /// Filled with the browser's own zone while nobody has typed another one.
    #[prop(optional)]
    own: bool,
) -> impl IntoView {
    let options: ZoneOptions = use_context().unwrap_or_default();
    let value = zone_shown(&value, now);
    // A click into the field takes all of it: what is typed then replaces it, and the list is not that of one city.
    let fresh = StoredValue::new(true);
    let enter = move |_| {
        fresh.set_value(true);
        #[cfg(feature = "hydrate")]
        browser::fetch(options);
        #[cfg(not(feature = "hydrate"))]
        let _ = options;
    };
    let click = move |event: leptos::ev::MouseEvent| {
        #[cfg(feature = "hydrate")]
        if fresh.get_value() && browser::select(&event) {
            fresh.set_value(false);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = &event;
    };
    #[cfg(feature = "hydrate")]
    if own && value.is_empty() {
        Effect::new(move |_| browser::fill_in(name, now));
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = own;
    view! {
        <div on:focusin=enter on:click=click on:input=move |_| fresh.set_value(false)>
            <TextField name label value hint error list=LIST autocomplete="off" maxlength=100 required />
        </div>
    }
}

/// What the browser says of its own zone.
#[cfg(feature = "hydrate")]
pub use browser::own_zone;

#[cfg(feature = "hydrate")]
mod browser {
    use jiff::Timestamp;
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use web_sys::HtmlInputElement;

    use super::ZoneOptions;
    use crate::api::zones::list_zones;
    use crate::components::{field_id, zone_shown};

    pub fn own_zone() -> Option<String> {
        let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
        js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into())
            .ok()?
            .as_string()
    }

    /// Where that fails, the next time that somebody comes to a field tries again.
    pub fn fetch(ZoneOptions(options): ZoneOptions) {
        if !options.with_untracked(Vec::is_empty) {
            return;
        }
        leptos::task::spawn_local(async move {
            if let Ok(zones) = list_zones().await {
                options.set(zones);
            }
        });
    }

    /// False where it was not the field itself that was clicked.
    pub fn select(event: &leptos::ev::MouseEvent) -> bool {
        let field = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(field) = &field {
            field.select();
        }
        field.is_some()
    }

    /// As what the page came with: what somebody has typed meanwhile stays.
    pub fn fill_in(name: &str, now: Timestamp) {
        let field = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.get_element_by_id(&field_id(name)))
            .and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        if let (Some(field), Some(zone)) = (field, own_zone()) {
            field.set_default_value(&zone_shown(&zone, now));
        }
    }
}
