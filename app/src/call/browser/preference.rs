//! A person's choices for all their meetings in this browser. `localStorage`: a browser without it forgets.

use web_sys::Storage;

/// A choice that is on until somebody switches it off.
#[derive(Clone, Copy)]
pub enum Preference {
    /// Keyboard shortcuts.
    Keys,
    /// Labels under the buttons.
    Labels,
}

impl Preference {
    fn key(self) -> &'static str {
        match self {
            Preference::Keys => "call:keys",
            Preference::Labels => "call:labels",
        }
    }

    pub fn is_on(self) -> bool {
        storage()
            .and_then(|storage| storage.get_item(self.key()).ok().flatten())
            .as_deref()
            != Some("off")
    }

    pub fn set(self, on: bool) {
        keep(self.key(), if on { "on" } else { "off" });
    }
}

const MICROPHONE: &str = "call:microphone";
const CAMERA: &str = "call:camera";

/// The microphone and the camera that were chosen last. A device that is not plugged in today is not used.
pub fn devices() -> (Option<String>, Option<String>) {
    let read = |key: &str| storage().and_then(|storage| storage.get_item(key).ok().flatten());
    (read(MICROPHONE), read(CAMERA))
}

pub fn remember_microphone(id: &str) {
    keep(MICROPHONE, id);
}

pub fn remember_camera(id: &str) {
    keep(CAMERA, id);
}

/// A full or forbidden storage costs the memory, not the choice.
fn keep(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _lost = storage.set_item(key, value);
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
