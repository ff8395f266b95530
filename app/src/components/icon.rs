use leptos::prelude::*;

/// The few signs that stand beside words, drawn on a grid of 20.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconName {
    Info,
    Success,
    Warning,
    Danger,
    Calendar,
    Check,
    Back,
    Forward,
    Up,
    Down,
    Menu,
    Person,
    Bell,
    Close,
    Globe,
}

impl IconName {
    fn path(self) -> &'static str {
        match self {
            Self::Info => "M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM10 9v5M10 6.2v.1",
            Self::Success => "M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM6.5 10.3l2.4 2.4 4.6-5",
            Self::Warning => "M10 2.8 18.2 17H1.8L10 2.8ZM10 8v4M10 14.4v.1",
            Self::Danger => "M7 2h6l5 5v6l-5 5H7l-5-5V7l5-5ZM10 6.2v4.6M10 13.6v.1",
            Self::Calendar => "M3 5h14v12H3zM3 8.5h14M7 2.8V6M13 2.8V6",
            Self::Check => "M4 10.5l4 4 8-9",
            Self::Back => "M12.5 4 6.5 10l6 6",
            Self::Forward => "M7.5 4l6 6-6 6",
            Self::Up => "M4.5 12.5 10 7l5.5 5.5",
            Self::Down => "M4.5 7.5 10 13l5.5-5.5",
            Self::Menu => "M3 5.5h14M3 10h14M3 14.5h14",
            Self::Person => {
                "M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3.5 17.2c.9-3.2 3.5-4.7 6.5-4.7s5.6 1.5 6.5 4.7"
            }
            Self::Bell => "M4.5 14.5h11L14 12V8.5a4 4 0 0 0-8 0V12l-1.5 2.5ZM8.3 17a1.9 1.9 0 0 0 3.4 0",
            Self::Close => "M5 5l10 10M15 5 5 15",
            Self::Globe => {
                "M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM2 10h16M10 2c2.4 2.2 3.4 4.9 3.4 8s-1 5.8-3.4 8c-2.4-2.2-3.4-4.9-3.4-8s1-5.8 3.4-8Z"
            }
        }
    }

    /// Does it point along the line, so that it points the other way where people read from right to left?
    fn class(self) -> &'static str {
        match self {
            Self::Back | Self::Forward => "icon icon--directed",
            _ => "icon",
        }
    }
}

/// A sign, hidden from screen readers: the words beside it say the same.
#[component]
pub fn Icon(name: IconName) -> impl IntoView {
    view! {
        <svg class=name.class() viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
            <path d=name.path() />
        </svg>
    }
}
