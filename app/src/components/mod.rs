//! Views without server functions: what pages are made of. One component a file; its styles are in the file of the same
//! name under `style/components`.

mod badge;
mod bar_chart;
mod button;
mod call_number;
mod card;
mod contact;
mod copy_field;
mod dialog;
mod empty_state;
mod field;
mod filters;
mod form_errors;
mod guest_frame;
mod icon;
mod language_switch;
mod link;
mod logo;
mod names;
mod not_found;
mod notice;
mod once;
mod outcome_fields;
mod page;
mod pager;
mod password_field;
mod staff_header;
mod stars;
mod start_trouble;
mod stat;
mod steps;
mod table;
mod text_area;
mod ticking;
mod time;
mod timeline;
mod zone;

pub use badge::{Badge, StateBadge};
pub use bar_chart::{Bar, BarChart, Series};
pub use button::{Button, ButtonKind, ButtonLink};
pub use call_number::CallNumber;
pub use card::Card;
pub use contact::Contact;
pub use copy_field::CopyField;
pub use dialog::Dialog;
pub use empty_state::EmptyState;
pub use field::{Checkbox, Choice, DateField, SelectField, TextField, TimeField, field_id};
pub use filters::Filters;
pub use form_errors::FormErrors;
pub use guest_frame::GuestFrame;
pub use icon::{Icon, IconName};
pub use language_switch::{LanguageChoices, LanguageSwitch};
pub use link::with_query;
pub use logo::Logo;
pub use names::{Names, few_text, names_text};
pub use not_found::NotFound;
pub use notice::Notice;
pub use once::Once;
pub use outcome_fields::OutcomeFields;
pub use page::{DocumentTitle, Page, PageWidth, TitleNote};
pub use pager::{Listed, Pager};
pub use password_field::PasswordField;
use staff_header::close_on_escape;
pub use staff_header::{NavLink, StaffHeader};
pub use stars::Stars;
pub use start_trouble::StartTrouble;
pub use stat::{Stat, Stats};
pub use steps::{Step, StepState, Steps};
pub use table::{Cell, Column, DataTable, Order, Row};
pub use text_area::TextArea;
pub use ticking::{ServerTime, ticking};
pub use time::{LocalTime, TimeRange, TimeStyle, clock_text, date_text, day_text, span_above, span_text, zone_text};
pub use timeline::{Moment, Timeline};
pub use zone::{city_label, zone_label, zone_shown};

/// What a coloured thing says. Colour never says it alone: there are always words beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Success,
    Warning,
    Danger,
}

impl Tone {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}
