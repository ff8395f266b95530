//! A language as it is stored and sent: what it is like, and its sentences in the order of the keys. What is missing is there
//! in English.

use std::fmt::Write as _;

use serde_json::Value;

use crate::catalogue::{Entry, Source};

pub struct Packed {
    /// By audience.
    pub files: Vec<(&'static str, String)>,
    /// A line of Rust.
    pub listed: String,
}

/// Whose pages have which groups.
const AUDIENCES: [(&str, &[&str]); 3] = [
    ("guest", &["guest"]),
    ("staff", &["guest", "staff", "admin"]),
    ("notice", &["notice"]),
];

pub fn pack(language: &Source, english: &Source) -> Result<Packed, String> {
    let mut about = language.about.clone();
    about.insert("tag".to_owned(), Value::from(language.tag.as_str()));
    let name = language.name();
    if name.is_empty() {
        return Err(format!(
            "locales/{}/language.json: the language has no name",
            language.tag
        ));
    }
    for only_here in ["complete", "reviewed"] {
        about.remove(only_here);
    }
    let files = AUDIENCES.map(|(audience, groups)| {
        let mut file = about.clone();
        for group in groups {
            file.insert((*group).to_owned(), Value::from(sentences(language, english, group)));
        }
        (audience, Value::Object(file).to_string())
    });
    let mut listed = String::new();
    let tag = &language.tag;
    let names: String = files.iter().filter(|(audience, _)| *audience != "notice").fold(
        String::new(),
        |mut names, (audience, text)| {
            let _ = write!(
                names,
                "{audience}_file: \"text-{tag}-{audience}-{:016x}.json\", ",
                sum(text)
            );
            names
        },
    );
    let texts: String = AUDIENCES.iter().fold(String::new(), |mut texts, (audience, _)| {
        let _ = write!(
            texts,
            "{audience}: include_str!(concat!(env!(\"OUT_DIR\"), \"/{tag}.{audience}.json\")), "
        );
        texts
    });
    let list = |name: &str| {
        let tags: Vec<&str> = language
            .about
            .get(name)
            .and_then(Value::as_array)
            .map(|tags| tags.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        format!("{tags:?}")
    };
    let _ = writeln!(
        listed,
        "Embedded {{ tag: {tag:?}, name: {name:?}, matches: &{}, excludes: &{}, {texts}{names} parsed: OnceLock::new() }},",
        list("matches"),
        list("excludes"),
    );
    Ok(Packed {
        files: files.into(),
        listed,
    })
}

/// FNV-1a of 64 bits: enough to tell builds apart.
fn sum(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn sentences(language: &Source, english: &Source, group: &str) -> Vec<String> {
    let ours = language.group(group);
    english
        .group(group)
        .iter()
        .map(|(place, original)| match ours.get(place) {
            Some(entry) => language.stored(entry),
            None => language.stored(&in_their_forms(original, language)),
        })
        .collect()
}

/// An English plural where the language has other forms: `other` stands for those that English lacks.
fn in_their_forms(original: &Entry, language: &Source) -> Entry {
    let Entry::Plural(forms) = original else {
        return original.clone();
    };
    let mut all = forms.clone();
    let other = forms.last().cloned().flatten();
    for place in language.rules.categories() {
        if let Some(form) = all.get_mut(place)
            && form.is_none()
        {
            form.clone_from(&other);
        }
    }
    Entry::Plural(all)
}
