//! What a person chose for all their meetings in this browser. `localStorage`: a browser without it forgets.

use web_sys::Storage;

const KEYS: &str = "call:keys";

/// Do single keys do something? They do until somebody switches them off.
pub fn keys() -> bool {
    storage()
        .and_then(|storage| storage.get_item(KEYS).ok().flatten())
        .as_deref()
        != Some("off")
}

pub fn set_keys(on: bool) {
    if let Some(storage) = storage() {
        // A full or forbidden storage costs the memory, not the choice.
        let _lost = storage.set_item(KEYS, if on { "on" } else { "off" });
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
