//! Normalisation of text that people type or paste, before it is checked, stored, compared or searched.
//!
//! The same word can arrive as different characters: with decomposed letters (macOS decomposes file names), with
//! invisible characters (from web pages, chats and spreadsheets), or with the digits of another script.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

/// Normalises text of one line: composed (Unicode NFC), without invisible characters, with single spaces between words
/// and none around them. Line breaks become spaces.
pub fn one_line(text: &str) -> String {
    let seen: String = visible(text).map(|c| if c.is_control() { ' ' } else { c }).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Normalises text of several lines: composed (Unicode NFC), without invisible characters, trimmed, and with `\n` as
/// the only line break. Spaces within a line stay.
pub fn many_lines(text: &str) -> String {
    let text = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    visible(&text).collect::<String>().trim().to_owned()
}

/// Normalises an e-mail address, a number or a code: composed (Unicode NFC), without spaces and invisible characters.
pub fn without_spaces(text: &str) -> String {
    visible(text)
        .filter(|c| !c.is_whitespace() && !c.is_control() && !is_joiner(*c))
        .collect()
}

/// Normalises a password to Unicode NFC (RFC 8265 §4.2.1), because the same keys give decomposed letters on some
/// systems. Nothing else is changed.
pub fn password(text: &str) -> String {
    text.nfc().collect()
}

/// The key by which text is searched and sorted: lower case, without accents, and with letters such as `ß` and `ø`
/// spelled in plain ones.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let plain = text.nfkd().filter(|c| !is_mark(*c));
    for c in plain.flat_map(char::to_lowercase).filter(|c| !is_mark(*c)) {
        match letters(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
    }
    folded
}

/// Whether `c` is a combining mark that a reader can do without: an accent, or a vowel point of Hebrew or Arabic.
///
/// The classes leave out the vowel signs of India and Thailand, which are letters, and the marks of Japanese, which
/// make another letter (Unicode, canonical combining classes).
fn is_mark(c: char) -> bool {
    matches!(canonical_combining_class(c), 1 | 10..=36 | 200..=240)
}

/// The plain spelling of a letter that Unicode does not decompose. People whose keyboards lack the letter type that.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ł' => "l",
        'þ' => "th",
        'ς' => "σ",
        _ => return None,
    })
}

/// The composed characters of `text`, without the invisible ones.
fn visible(text: &str) -> impl Iterator<Item = char> {
    text.nfc().filter(|c| !is_invisible(*c) && !is_bidi_control(*c))
}

/// The ASCII digit for a digit of any living script. None for other characters.
pub fn digit(c: char) -> Option<char> {
    let zero = ZEROS.iter().rev().find(|zero| **zero <= c)?;
    char::from_digit(u32::from(c) - u32::from(*zero), 10)
}

/// The zeros of the scripts in which numbers are typed today, in ascending order. The other nine digits of a script
/// follow its zero (Unicode, general category `Nd`).
const ZEROS: [char; 22] = [
    '0', '\u{660}', '\u{6F0}', '\u{7C0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{B66}', '\u{BE6}', '\u{C66}',
    '\u{CE6}', '\u{D66}', '\u{DE6}', '\u{E50}', '\u{ED0}', '\u{F20}', '\u{1040}', '\u{17E0}', '\u{1810}', '\u{A9D0}',
    '\u{FF10}',
];

/// Whether `c` is an invisible character that must be kept: a joiner or a variation selector. Persian, the scripts of
/// India and emoji need them.
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether `c` is invisible and can be dropped. Two names that differ only in such characters look the same.
///
/// These are Unicode's default-ignorable characters except for joiners and bidi controls, and the blank of braille.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'
        | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E00FF}'
        | '\u{E01F0}'..='\u{E0FFF}')
}

/// Whether `c` controls the reading order. Such a character can make one name look like another (UTR #36 §2.10).
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}')
}

/// A name for use in a plain sentence, such as a title or a label.
///
/// A name written from right to left is put between Unicode's isolates (UAX #9), so that it does not reorder the words
/// around it. On a page, use `<bdi>` instead.
pub fn isolate(name: &str) -> Cow<'_, str> {
    if name.contains(is_right_to_left) {
        Cow::Owned(format!("\u{2068}{name}\u{2069}"))
    } else {
        Cow::Borrowed(name)
    }
}

/// Whether `c` belongs to a script written from right to left, or switches to that order.
fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}'
        | '\u{1E800}'..='\u{1EFFF}' | '\u{200F}' | '\u{202B}' | '\u{202E}' | '\u{2067}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pasted_is_what_was_meant() {
        assert_eq!(
            one_line(" \u{FEFF}Zoe\u{308}\u{200B} \u{a0}van\r\n der  Berg\u{202C}\t"),
            "Zoë van der Berg"
        );
        assert_eq!(many_lines("\u{200E}a\r\nb\rc\u{2028}d \n"), "a\nb\nc\nd");
        assert_eq!(without_spaces(" a\u{200B} b\u{a0}c\u{200D}\t"), "abc");
        for kept in [
            "مهر\u{200C}ناز",
            "ක්\u{200D}රිස්",
            "👩\u{200D}🚀 Zoë",
            "❤\u{FE0F}",
            "O’Neil-Ruíz",
        ] {
            assert_eq!(one_line(kept), kept);
        }
    }

    #[test]
    fn capitals_and_accents_make_no_difference_in_any_script() {
        for (one, other) in [
            ("Österreich", "osterreich"),
            ("O\u{308}", "ö"),
            ("ÉLODIE", "elodie"),
            ("İstanbul", "istanbul"),
            ("ISPARTA", "ısparta"),
            ("Łódź", "lodz"),
            ("Straße", "STRASSE"),
            ("Ørsted", "orsted"),
            ("ΆΝΝΑΣ", "αννας"),
            ("Йёлка", "иелка"),
            ("שָׁלוֹם", "שלום"),
            ("أَحْمَد", "احمد"),
            ("Ａｎｎａ", "anna"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
        for (one, other) in [("कुमार", "कमार"), ("が", "か"), ("นุช", "นช"), ("Anna", "Anne")]
        {
            assert_ne!(fold(one), fold(other), "{one}");
        }
        assert_eq!(fold(""), "");
    }

    #[test]
    fn digits_of_other_scripts_are_digits() {
        let read = |text: &str| text.chars().map(digit).collect::<Option<String>>();
        for same in [
            "0123456789",
            "٠١٢٣٤٥٦٧٨٩",
            "۰۱۲۳۴۵۶۷۸۹",
            "०१२३४५६७८९",
            "๐๑๒๓๔๕๖๗๘๙",
            "０１２３４５６７８９",
        ] {
            assert_eq!(read(same).as_deref(), Some("0123456789"), "{same}");
        }
        for other in ["a", "/", ":", "٪", "一", "½", "²"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn only_a_name_that_is_read_from_right_to_left_is_isolated() {
        for name in ["محمد علي", "יוסף", "✋ سارة", "𞤀𞤣𞤤𞤢𞤥"] {
            assert_eq!(isolate(name), format!("\u{2068}{name}\u{2069}"));
        }
        for name in ["Zoë van der Berg", "Олена", "山田 太郎", "अनिता", ""] {
            assert!(matches!(isolate(name), Cow::Borrowed(same) if same == name));
        }
    }
}
