use leptos::prelude::*;

/// Numbers what this form is for: sent twice, it has its effect once, and both are answered the same. Belongs in every form
/// that makes something.
#[component]
pub fn Once() -> impl IntoView {
    let number = SharedValue::new(number).into_inner();
    view! { <input type="hidden" name="once" value=number autocomplete="off" /> }
}

#[cfg(feature = "ssr")]
fn number() -> String {
    let use_cases = crate::api::context::use_cases();
    use_cases.map(|use_cases| use_cases.number()).unwrap_or_default()
}

/// Of a page that the browser showed by itself. It need not be hard to guess, only another one each time.
#[cfg(not(feature = "ssr"))]
fn number() -> String {
    #[cfg(feature = "hydrate")]
    return format!("{:.0}{:.0}", js_sys::Date::now(), js_sys::Math::random() * 1e15);
    #[cfg(not(feature = "hydrate"))]
    String::new()
}
