//! The languages of guests.

/// The languages that a guest can choose, as BCP 47 tags, each with its own name.
pub const LANGUAGES: [(&str, &str); 8] = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("es", "Español"),
    ("pl", "Polski"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
];
