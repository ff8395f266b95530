//! What codes are in words. Sentences for people are made here and on the pages, and nowhere below.

#[cfg(feature = "ssr")]
mod answer;
mod cost;
mod end_code;
mod figure;
mod health;
mod hours;
mod label;
mod link;
mod refusal;
mod value;

use anteroom_i18n::Lang;

#[cfg(feature = "ssr")]
pub use answer::{NotDone, Told};
pub use cost::{estimate_text, rates_text};
pub use end_code::ending_text;
pub use figure::{length_definition, outcome_definition, outcome_text, share_definition, share_text};
pub use health::{health_lines, trouble_text};
pub use hours::hours_text;
pub use label::{conclusion_label, engine_label};
pub use link::description_text;

/// A code that is a sentence for people: what is wrong, and what to do.
pub trait Sentence {
    fn sentence(&self, lang: Lang) -> String;
}
