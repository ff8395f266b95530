use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The `:id` of the address; no row has the number 0, so that nonsense leads to the page that says so.
pub fn id_param() -> Memo<i64> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse().ok()).unwrap_or(0)))
}
