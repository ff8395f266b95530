//! Two languages that nobody speaks, made of English: what was not put into the catalogue stands out on a page, and what has
//! no room for longer words is cut off.

use serde_json::{Value, json};

use crate::catalogue::{Entry, Source};

pub fn languages(english: &Source) -> [Source; 2] {
    [
        made(english, "en-XA", "[Ḗƞɠŀīşħ]", "ltr", accented),
        made(english, "ar-XB", "[ʜsılɓuƎ]", "rtl", mirrored),
    ]
}

fn made(english: &Source, tag: &str, name: &str, direction: &str, write: fn(&str) -> String) -> Source {
    let mut language = english.clone();
    tag.clone_into(&mut language.tag);
    language.about.insert("name".to_owned(), Value::from(name));
    language.about.insert("direction".to_owned(), Value::from(direction));
    // Nobody's browser asks for them.
    language.about.insert("matches".to_owned(), json!([]));
    for group in language.groups.values_mut() {
        for entry in group.values_mut() {
            match entry {
                Entry::Plain(text) => *text = write(text),
                Entry::Plural(forms) => forms.iter_mut().flatten().for_each(|form| *form = write(form)),
            }
        }
    }
    language
}

/// `[Ẇħȧŧ īş ŧħīş·····]`: readable, longer by two fifths, and with both its ends.
fn accented(text: &str) -> String {
    let longer = "·".repeat((text.chars().count() * 2).div_ceil(5));
    format!("[{}{longer}]", outside(text, |c| accent(c).to_string()))
}

/// Words between the marks of the other direction (UAX #9): they read backwards.
fn mirrored(text: &str) -> String {
    let turned = outside(text, |c| match c {
        c if c.is_ascii_alphabetic() => format!("\u{202e}{c}\u{202c}"),
        c => c.to_string(),
    });
    format!("\u{200f}[{}]\u{200f}", turned.replace("\u{202c}\u{202e}", ""))
}

/// Every character but those of the arguments' names.
fn outside(text: &str, write: impl Fn(char) -> String) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        written.extend(before.chars().map(&write));
        let (name, behind) = after.split_once("}}").unwrap_or((after, ""));
        written.push_str("{{");
        written.push_str(name);
        written.push_str("}}");
        rest = behind;
    }
    written.extend(rest.chars().map(&write));
    written
}

fn accent(c: char) -> char {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const ACCENTED: &str = "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ";
    PLAIN
        .chars()
        .zip(ACCENTED.chars())
        .find_map(|(plain, accented)| (plain == c).then_some(accented))
        .unwrap_or(c)
}
