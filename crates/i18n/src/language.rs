use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::Argument;
use crate::date::TimeFormats;
use crate::plural::Rules;

/// In which direction a language is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    #[default]
    Ltr,
    Rtl,
}

impl Direction {
    /// The value of the attribute `dir`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// Where a sentence stands among those of its group.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub(crate) group: usize,
    pub(crate) index: usize,
}

/// A piece of a sentence with pieces of a page in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<T> {
    Text(String),
    Slot(T),
}

/// A language with its sentences, or those that one kind of reader sees.
#[derive(Debug)]
pub struct Language {
    tag: String,
    direction: Direction,
    rules: Rules,
    numbers: NumberFormat,
    pub(crate) time: TimeFormats,
    zones: BTreeMap<String, String>,
    groups: [Vec<String>; 4],
}

/// As it is stored and sent.
#[derive(Deserialize)]
struct Packed {
    tag: String,
    #[serde(default)]
    direction: Direction,
    #[serde(default)]
    plurals: BTreeMap<String, String>,
    numbers: NumberFormat,
    time: TimeFormats,
    #[serde(default)]
    zones: BTreeMap<String, String>,
    #[serde(default)]
    guest: Vec<String>,
    #[serde(default)]
    staff: Vec<String>,
    #[serde(default)]
    admin: Vec<String>,
    #[serde(default)]
    notice: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct NumberFormat {
    /// Between thousands.
    group: String,
    /// How many digits a number has at least before thousands are parted.
    #[serde(default = "four")]
    from_digits: usize,
    /// Before the first decimal.
    decimal: String,
}

fn four() -> usize {
    4
}

impl Language {
    /// Reads a language as the build has packed it.
    pub fn parse(json: &str) -> Result<Self, String> {
        let Packed {
            tag,
            direction,
            plurals,
            numbers,
            time,
            zones,
            guest,
            staff,
            admin,
            notice,
        } = serde_json::from_str(json).map_err(|error| error.to_string())?;
        Ok(Self {
            tag,
            direction,
            rules: Rules::parse(&plurals)?,
            numbers,
            time,
            zones,
            groups: [guest, staff, admin, notice],
        })
    }

    #[cfg(feature = "embedded")]
    pub(crate) fn with_notices(mut self, of: Self) -> Self {
        let [.., notice] = of.groups;
        let [_, _, _, slot] = &mut self.groups;
        *slot = notice;
        self
    }
}

/// The one language of a browser's page.
static OF_PAGE: OnceLock<Language> = OnceLock::new();

/// A language that sentences can be written in: a handle to one that stays as long as the process.
#[derive(Clone, Copy, Debug)]
pub struct Lang(&'static Language);

impl PartialEq for Lang {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Lang {}

impl Lang {
    #[cfg(feature = "embedded")]
    pub(crate) fn of(language: &'static Language) -> Self {
        Self(language)
    }

    /// Takes what the server sent with the page for the page's language. The first one stays.
    pub fn install(json: &str) -> Result<Self, String> {
        if let Some(language) = OF_PAGE.get() {
            return Ok(Self(language));
        }
        let language = Language::parse(json)?;
        Ok(Self(OF_PAGE.get_or_init(|| language)))
    }

    /// The one that was installed.
    pub fn of_page() -> Option<Self> {
        OF_PAGE.get().map(Self)
    }

    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        &self.0.tag
    }

    pub fn direction(self) -> Direction {
        self.0.direction
    }

    pub(crate) fn time_formats(self) -> &'static TimeFormats {
        &self.0.time
    }

    fn sentence(self, Place { group, index }: Place) -> &'static str {
        self.0
            .groups
            .get(group)
            .and_then(|sentences| sentences.get(index))
            .map_or("", String::as_str)
    }

    /// The city that a time zone of IANA is named after.
    pub fn city(self, zone: &str) -> String {
        let city = self.0.zones.get(zone).map(String::as_str);
        city.map_or_else(
            || zone.rsplit('/').next().unwrap_or(zone).replace('_', " "),
            str::to_owned,
        )
    }

    /// A whole number with its thousands parted.
    pub fn number(self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let NumberFormat { group, from_digits, .. } = &self.0.numbers;
        let mut text = String::new();
        if number < 0 {
            text.push('\u{2212}');
        }
        for (place, digit) in digits.chars().enumerate() {
            let behind = digits.len() - place;
            if place > 0 && behind.is_multiple_of(3) && digits.len() >= *from_digits {
                text.push_str(group);
            }
            text.push(digit);
        }
        text
    }

    /// A number with that many decimals.
    pub fn decimal(self, number: f64, decimals: usize) -> String {
        let text = format!("{:.decimals$}", number.abs());
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let mut written = self.number(whole.parse().unwrap_or(i64::MAX));
        if number < 0.0 {
            written.insert(0, '\u{2212}');
        }
        if !rest.is_empty() {
            written.push_str(&self.0.numbers.decimal);
            written.push_str(rest);
        }
        written
    }

    #[doc(hidden)]
    pub fn plain(self, place: Place) -> &'static str {
        self.sentence(place)
    }

    /// The sentence of a number, or the only one.
    fn form(self, place: Place, count: Option<u64>) -> &'static str {
        let sentence = self.sentence(place);
        match count {
            None => sentence,
            Some(count) => sentence
                .split('\u{1}')
                .nth(self.0.rules.form(count))
                .unwrap_or(sentence),
        }
    }

    /// The names of a sentence's arguments, in the order in which they stand; of all its forms.
    pub fn arguments(self, place: Place) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for form in self.sentence(place).split('\u{1}') {
            walk(form, |piece| {
                if let Piece::Argument(name) = piece
                    && !names.iter().any(|known| known == name)
                {
                    names.push(name.to_owned());
                }
            });
        }
        names
    }

    #[doc(hidden)]
    pub fn fill(self, place: Place, count: Option<u64>, arguments: &[(&str, &dyn Argument)]) -> String {
        let mut text = String::new();
        walk(self.form(place, count), |piece| match piece {
            Piece::Text(plain) => text.push_str(plain),
            Piece::Argument(name) => {
                if let Some((_, argument)) = arguments.iter().find(|(known, _)| *known == name) {
                    argument.write(self, &mut text);
                }
            }
        });
        text
    }

    #[doc(hidden)]
    pub fn parts<T>(
        self,
        place: Place,
        count: Option<u64>,
        number: Option<&dyn Argument>,
        slots: Vec<(&'static str, T)>,
    ) -> Vec<Part<T>> {
        let mut slots: Vec<(&str, Option<T>)> = slots.into_iter().map(|(name, slot)| (name, Some(slot))).collect();
        let mut parts = Vec::new();
        walk(self.form(place, count), |piece| match piece {
            Piece::Text(plain) => parts.push(Part::Text(plain.to_owned())),
            Piece::Argument(name) => {
                let slot = slots
                    .iter_mut()
                    .find(|(known, _)| *known == name)
                    .and_then(|(_, slot)| slot.take());
                match (slot, number) {
                    (Some(slot), _) => parts.push(Part::Slot(slot)),
                    (None, Some(number)) if name == "count" => {
                        let mut text = String::new();
                        number.write(self, &mut text);
                        parts.push(Part::Text(text));
                    }
                    (None, _) => {}
                }
            }
        });
        parts
    }
}

enum Piece<'a> {
    Text(&'a str),
    Argument(&'a str),
}

/// The pieces of a sentence in their order.
fn walk<'a>(sentence: &'a str, mut take: impl FnMut(Piece<'a>)) {
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else {
            break;
        };
        if !before.is_empty() {
            take(Piece::Text(before));
        }
        take(Piece::Argument(name));
        rest = behind;
    }
    if !rest.is_empty() {
        take(Piece::Text(rest));
    }
}

#[cfg(test)]
#[cfg(feature = "embedded")]
mod tests {
    use super::*;
    use crate::{find, text};

    fn lang(tag: &str) -> Lang {
        find(tag).unwrap().lang()
    }

    #[test]
    fn a_name_does_not_reorder_the_sentence_around_it() {
        let said = |tag: &str, city: &str| text!(lang(tag), guest::time::of_city { city });
        assert_eq!(said("en", "Bern"), "Bern time");
        assert_eq!(said("en", "مهرناز"), "\u{2068}مهرناز\u{2069} time");
        assert!(said("ar", "Bern").contains("\u{2068}Bern\u{2069}"));
        assert!(
            said("ar", "+41 44 123").contains("\u{2068}+41 44 123\u{2069}"),
            "a number keeps its order"
        );
    }

    #[test]
    fn thousands_are_parted_as_the_language_does() {
        assert_eq!(lang("en").number(1_234_567), "1,234,567");
        assert_eq!(lang("de").number(1_234), "1.234");
        assert_eq!(lang("es").number(1_234), "1234");
        assert_eq!(lang("es").number(12_345), "12.345");
        assert_eq!(lang("fr").number(-12_345), "\u{2212}12\u{202f}345");
        assert_eq!(lang("de").decimal(-1234.56, 1), "\u{2212}1.234,6");
        assert_eq!(lang("en").decimal(4.0, 0), "4");
    }

    #[test]
    fn pieces_of_a_page_stand_where_the_language_wants_them() {
        let parts = crate::guest::time::range_to_day { from: 1, to: 2, day: 3 }.parts(lang("en"));
        assert_eq!(
            parts,
            [
                Part::Slot(1),
                Part::Text("–".to_owned()),
                Part::Slot(2),
                Part::Text(" on ".to_owned()),
                Part::Slot(3)
            ]
        );
    }

    #[test]
    fn every_language_can_be_read_and_says_its_dates() {
        let day = jiff::civil::date(2026, 3, 5);
        for (tag, date, moment) in [
            ("en", "Thursday 5 March 2026", "Thu 5 Mar 2026, 09:04"),
            ("de", "Donnerstag, 5. März 2026", "Do., 5. März 2026, 09:04"),
            ("es", "jueves, 5 de marzo de 2026", "jue, 5 mar 2026, 9:04"),
            ("pl", "czwartek, 5 marca 2026", "czw., 5 mar 2026, 09:04"),
            ("ja", "2026年3月5日木曜日", "2026年3月5日(木) 9:04"),
            ("ar", "الخميس، 5 مارس 2026", "الخميس، 5 مارس 2026، 9:04 ص"),
        ] {
            assert_eq!(lang(tag).date(day), date);
            assert_eq!(lang(tag).moment(day.at(9, 4, 0, 0)), moment);
        }
        assert_eq!(lang("pl").month(day), "marzec 2026");
        for language in &crate::LANGUAGES {
            assert_eq!(language.lang().tag(), language.tag);
        }
    }
}
