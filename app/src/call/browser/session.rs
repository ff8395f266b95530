//! This tab's memory of its seat: a reload is back in the call in seconds. `sessionStorage`: a closed tab forgets it, and
//! another tab never sees it.

use std::cell::RefCell;

use anteroom_domain::id::ConsentId;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

use super::preference;

/// The memory of one seat.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    pub token: Option<String>,
    pub name: String,
    /// The text that the person agreed to in this tab; joining again says so again.
    pub consent: Option<ConsentId>,
    pub microphone: bool,
    pub muted: bool,
    pub camera: bool,
    pub microphone_id: Option<String>,
    pub camera_id: Option<String>,
    /// Was this tab in the call?
    pub was_in: bool,
}

/// A [`Memory`] and its place in the browser's storage. A browser without storage (private modes) has no resume.
pub struct Session {
    key: String,
    memory: RefCell<Memory>,
}

impl Session {
    /// Recalls what was remembered under this key; anything unreadable counts as nothing. A new meeting begins with the devices
    /// of the last one.
    pub fn recall(key: String) -> Self {
        let memory = storage()
            .and_then(|storage| storage.get_item(&key).ok().flatten())
            .and_then(|text| serde_json::from_str(&text).ok());
        let memory = memory.unwrap_or_else(|| {
            let (microphone_id, camera_id) = preference::devices();
            Memory {
                microphone_id,
                camera_id,
                ..Memory::default()
            }
        });
        Self {
            key,
            memory: RefCell::new(memory),
        }
    }

    pub fn memory(&self) -> Memory {
        self.memory.borrow().clone()
    }

    /// Changes the memory and stores the change.
    pub fn update(&self, change: impl FnOnce(&mut Memory)) {
        let mut memory = self.memory.borrow_mut();
        change(&mut memory);
        if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&*memory)) {
            // A full or forbidden storage costs the resume, not the meeting.
            let _lost = storage.set_item(&self.key, &text);
        }
    }

    /// Gives the seat up; the device choices stay for the next join.
    pub fn forget_seat(&self) {
        self.update(|memory| memory.token = None);
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
