use leptos::prelude::*;

/// The signs of the call screen, drawn on a grid of 24.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Microphone,
    MicrophoneOff,
    Camera,
    CameraOff,
    Screen,
    ScreenOff,
    Chat,
    People,
    Settings,
    Help,
    Leave,
    Close,
    Send,
    Bell,
    Speaker,
}

impl Sign {
    fn path(self) -> &'static str {
        match self {
            Sign::Microphone => "M12 14a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3ZM6 11a6 6 0 0 0 12 0M12 17v4",
            Sign::MicrophoneOff => {
                "M15 9.5V6a3 3 0 0 0-5.8-1M9 9v2a3 3 0 0 0 4.6 2.5M6 11a6 6 0 0 0 9.7 4.7M18 11a6 6 0 0 1-.4 2.1M12 17v4M4 4l16 16"
            }
            Sign::Camera => {
                "M4 7h10a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1ZM15 11l6-3.5v9L15 13"
            }
            Sign::CameraOff => {
                "M10 7h4a1 1 0 0 1 1 1v4M15 16a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1h1M15 11l6-3.5v9L17 14M4 4l16 16"
            }
            Sign::Screen => "M3 5h18v11H3zM8 20h8M12 16v4M12 13V8M9.5 10.2 12 7.8l2.5 2.4",
            Sign::ScreenOff => "M3 5h18v11H3zM8 20h8M12 16v4M9.5 8l5 5M14.5 8l-5 5",
            Sign::Chat => "M4 5h16v11H10l-4.5 4V16H4zM8 9h8M8 12h5",
            Sign::People => {
                "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11ZM3 19.5c.6-3.3 3-5 6-5s5.4 1.7 6 5M15.5 5a3.2 3.2 0 0 1 0 5.8M17.5 14.8c1.9.7 3.1 2.3 3.5 4.7"
            }
            Sign::Settings => {
                "M4 7h9M17 7h3M4 17h3M11 17h9M15 7m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0M9 17m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0"
            }
            Sign::Help => {
                "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.8v.1"
            }
            Sign::Leave => "M14 4h5a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-5M10 8l-4 4 4 4M6 12h9",
            Sign::Close => "M6 6l12 12M18 6 6 18",
            Sign::Send => "M4 12 20 4l-5 16-3.5-6.5L4 12Z",
            Sign::Bell => "M5.5 17h13L17 14.5V10a5 5 0 0 0-10 0v4.5L5.5 17ZM10 20a2.2 2.2 0 0 0 4 0",
            Sign::Speaker => "M4 9.5h4L13 5v14l-5-4.5H4zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11",
        }
    }
}

/// A sign, hidden from screen readers: its button has a name.
#[component]
pub fn SignIcon(sign: Sign) -> impl IntoView {
    view! {
        <svg class="sign" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <path d=sign.path() />
        </svg>
    }
}
