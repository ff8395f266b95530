//! What codes are in words. Sentences for people are made here and on the pages, and nowhere below.

#[cfg(feature = "ssr")]
mod answer;
mod label;
mod refusal;
mod value;

use anteroom_i18n::Lang;

#[cfg(feature = "ssr")]
pub use answer::{NotDone, Told};
pub use label::{conclusion_label, engine_label};

/// A code that is a sentence for people: what is wrong, and what to do.
pub trait Sentence {
    fn sentence(&self, lang: Lang) -> String;
}
