//! What a click on *Admit* in a list asks of the room's page, which is another one: to go straight in, and to let in who has
//! waited longest. It is kept in this tab's own memory: an address with which somebody else's page opens a camera must
//! not exist.

use anteroom_domain::id::ConsultationId;
use web_sys::Storage;

const KEY: &str = "admit";
/// A page that was not opened after all leaves nothing behind for later.
const WITHIN_MS: f64 = 30_000.0;

pub fn ask(consultation: ConsultationId) {
    if let Some(storage) = storage() {
        // Without it the page asks, as it does anyway.
        let _lost = storage.set_item(KEY, &format!("{consultation} {}", js_sys::Date::now()));
    }
}

/// Was it asked just now? Once.
pub fn take(consultation: ConsultationId) -> bool {
    let asked = storage().and_then(|storage| {
        let asked = storage.get_item(KEY).ok().flatten();
        let _lost = storage.remove_item(KEY);
        asked
    });
    asked.is_some_and(|asked| {
        let (of, at) = asked.split_once(' ').unwrap_or_default();
        let passed = js_sys::Date::now() - at.parse().unwrap_or(f64::NEG_INFINITY);
        of == consultation.to_string() && (0.0..WITHIN_MS).contains(&passed)
    })
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
