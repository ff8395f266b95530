//! Keyboard shortcuts of the call screen: one letter each, and only while no text field has the focus. A person can switch
//! them off, because speech input would press them.

/// The action of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    Microphone,
    Camera,
    Share,
    Chat,
    People,
    Settings,
    Help,
}

impl Shortcut {
    /// What the key does, as the help says it.
    pub fn what(self) -> &'static str {
        match self {
            Shortcut::Microphone => t!(guest::help::key_microphone),
            Shortcut::Camera => t!(guest::help::key_camera),
            Shortcut::Share => t!(guest::help::key_share),
            Shortcut::Chat => t!(guest::help::key_chat),
            Shortcut::People => t!(guest::help::key_people),
            Shortcut::Settings => t!(guest::help::key_devices),
            Shortcut::Help => t!(guest::help::key_help),
        }
    }
}

/// The keys, in the order in which the help shows them.
pub const SHORTCUTS: [(&str, Shortcut); 7] = [
    ("m", Shortcut::Microphone),
    ("v", Shortcut::Camera),
    ("s", Shortcut::Share),
    ("c", Shortcut::Chat),
    ("p", Shortcut::People),
    ("d", Shortcut::Settings),
    ("?", Shortcut::Help),
];

/// A key press, as far as shortcuts need it.
pub struct Press<'a> {
    /// Are the shortcuts switched on?
    pub on: bool,
    pub key: &'a str,
    /// Ctrl, Alt or Meta, which belong to the browser and to screen readers.
    pub modified: bool,
    /// The key is held down: a toggle must not flutter.
    pub repeated: bool,
    /// Lower-case name of the focused element ("input", …), empty if none.
    pub focus: &'a str,
}

/// The shortcut of a key press, if it is one.
pub fn shortcut(press: &Press<'_>) -> Option<Shortcut> {
    if !press.on || press.modified || press.repeated || matches!(press.focus, "input" | "textarea" | "select") {
        return None;
    }
    let key = press.key.to_lowercase();
    SHORTCUTS
        .iter()
        .find(|(name, _)| *name == key)
        .map(|(_, shortcut)| *shortcut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Press<'_> {
        Press {
            on: true,
            key,
            modified: false,
            repeated: false,
            focus: "button",
        }
    }

    #[test]
    fn letters_work_in_both_cases() {
        assert_eq!(shortcut(&press("m")), Some(Shortcut::Microphone));
        assert_eq!(shortcut(&press("M")), Some(Shortcut::Microphone));
        assert_eq!(shortcut(&press("?")), Some(Shortcut::Help));
        assert_eq!(shortcut(&press("x")), None);
    }

    #[test]
    fn switched_off_no_key_does_anything() {
        for (key, _) in SHORTCUTS {
            assert_eq!(
                shortcut(&Press {
                    on: false,
                    ..press(key)
                }),
                None
            );
        }
    }

    #[test]
    fn writing_never_mutes() {
        for focus in ["input", "textarea", "select"] {
            assert_eq!(shortcut(&Press { focus, ..press("m") }), None);
        }
    }

    #[test]
    fn keys_of_the_browser_are_left_alone() {
        assert_eq!(
            shortcut(&Press {
                modified: true,
                ..press("c")
            }),
            None
        );
        assert_eq!(
            shortcut(&Press {
                repeated: true,
                ..press("m")
            }),
            None
        );
    }
}
