//! A language as it is written down by translators: a folder of JSON files. Read by the build alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::plural::{CATEGORIES, Rules};

/// The files of a language, each the sentences of one kind of reader.
pub const GROUPS: [&str; 4] = ["guest", "staff", "admin", "notice"];

/// What every reader needs is complete in a language that says that it is.
const NEEDED: [&str; 2] = ["guest", "notice"];

/// A sentence by its place: its section and its key.
pub type Place = (String, String);

/// One sentence of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Plain(String),
    /// By category, as in [`CATEGORIES`].
    Plural([Option<String>; 6]),
}

pub type Group = BTreeMap<Place, Entry>;

/// What a translator has written.
#[derive(Clone, Debug)]
pub struct Source {
    pub tag: String,
    /// `language.json`, what the language is like, with `zones.json` in it: how it calls the cities of time zones.
    pub about: serde_json::Map<String, Value>,
    pub rules: Rules,
    pub groups: BTreeMap<&'static str, Group>,
}

impl Source {
    /// Reads `folder`, whose name is the language's tag. The error names the file.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let tag = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        let mut about = object(&folder.join("language.json"))?.unwrap_or_default();
        if let Some(zones) = object(&folder.join("zones.json"))? {
            about.insert("zones".to_owned(), Value::Object(zones));
        }
        let rules: BTreeMap<String, String> = about
            .get("plurals")
            .cloned()
            .map(serde_json::from_value)
            .transpose()
            .map_err(|error| format!("locales/{tag}/language.json: plurals: {error}"))?
            .unwrap_or_default();
        let rules = Rules::parse(&rules).map_err(|wrong| format!("locales/{tag}/language.json: {wrong}"))?;
        let mut groups = BTreeMap::new();
        for group in GROUPS {
            let file = folder.join(format!("{group}.json"));
            let sentences = object(&file)?.unwrap_or_default();
            let entries = entries(sentences).map_err(|wrong| format!("locales/{tag}/{group}.json: {wrong}"))?;
            groups.insert(group, entries);
        }
        Ok(Self {
            tag,
            about,
            rules,
            groups,
        })
    }

    /// Every mistake of this language against English, a sentence each.
    pub fn mistakes(&self, english: &Self) -> Vec<String> {
        let mut mistakes = Vec::new();
        let complete = self.is("complete");
        for group in GROUPS {
            let (ours, theirs) = (self.group(group), english.group(group));
            let mut say = |(section, key): &Place, what: &str| {
                mistakes.push(format!("locales/{}/{group}.json: {section}.{key}: {what}", self.tag));
            };
            for (place, entry) in ours {
                let Some(original) = theirs.get(place) else {
                    say(place, "there is no such sentence in English");
                    continue;
                };
                for wrong in self.wrong(entry, original) {
                    say(place, &wrong);
                }
            }
            if complete && NEEDED.contains(&group) {
                for place in theirs.keys().filter(|place| !ours.contains_key(*place)) {
                    say(place, "is missing, and the language says that it is complete");
                }
            }
        }
        mistakes
    }

    /// What the language says of itself with yes or no.
    pub fn is(&self, what: &str) -> bool {
        self.about.get(what).and_then(Value::as_bool).unwrap_or(false)
    }

    /// What the language calls itself.
    pub fn name(&self) -> &str {
        self.about.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    pub fn group(&self, name: &str) -> &Group {
        static NONE: Group = BTreeMap::new();
        self.groups.get(name).unwrap_or(&NONE)
    }

    fn wrong(&self, entry: &Entry, original: &Entry) -> Vec<String> {
        let wanted = arguments(original).unwrap_or_default();
        let found = match arguments(entry) {
            Ok(found) => found,
            Err(wrong) => return vec![wrong],
        };
        let mut wrong = Vec::new();
        for argument in found.difference(&wanted) {
            wrong.push(format!("{{{{{argument}}}}} is not an argument of the English sentence"));
        }
        for argument in wanted.difference(&found) {
            wrong.push(format!("{{{{{argument}}}}} is missing"));
        }
        match (entry, original) {
            (Entry::Plain(_), Entry::Plural(_)) => {
                wrong.push("has a number, and needs the plural forms of the language".to_owned());
            }
            (Entry::Plural(_), Entry::Plain(_)) => {
                wrong.push("has plural forms, and the English sentence has none".to_owned());
            }
            (Entry::Plural(forms), Entry::Plural(_)) => {
                let has = self.rules.categories();
                for (place, (form, category)) in forms.iter().zip(CATEGORIES).enumerate() {
                    match (form, has.contains(&place)) {
                        (None, true) => wrong.push(format!("the form _{category} is missing")),
                        (Some(_), false) => wrong.push(format!("the language has no form _{category}")),
                        (None, false) | (Some(_), true) => {}
                    }
                }
            }
            (Entry::Plain(_), Entry::Plain(_)) => {}
        }
        wrong
    }

    /// The sentence as it is stored: its forms in the language's own order.
    pub fn stored(&self, entry: &Entry) -> String {
        match entry {
            Entry::Plain(text) => text.clone(),
            Entry::Plural(forms) => {
                let forms: Vec<&str> = self
                    .rules
                    .categories()
                    .into_iter()
                    .map(|place| forms.get(place).and_then(Option::as_deref).unwrap_or_default())
                    .collect();
                forms.join("\u{1}")
            }
        }
    }
}

/// The names between `{{` and `}}` in any form of the sentence.
pub fn arguments(entry: &Entry) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    let forms: Vec<&String> = match entry {
        Entry::Plain(text) => vec![text],
        Entry::Plural(forms) => forms.iter().flatten().collect(),
    };
    for form in forms {
        let mut rest = form.as_str();
        while let Some((_, from)) = rest.split_once("{{") {
            let (name, after) = from.split_once("}}").ok_or("{{ has no }}")?;
            if !is_name(name) {
                return Err(format!("{{{{{name}}}}} is not the name of an argument"));
            }
            names.insert(name.to_owned());
            rest = after;
        }
    }
    Ok(names)
}

/// As Rust and JSON both write it.
pub fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain)
}

/// The object in a file; none where there is no file.
pub fn object(file: &Path) -> Result<Option<serde_json::Map<String, Value>>, String> {
    let wrong = |what: String| format!("{}: {what}", file.display());
    match std::fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| wrong(error.to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(wrong(error.to_string())),
    }
}

/// Sections of sentences, in the shape of i18next: a plural is as many keys, each with its category behind it.
fn entries(sections: serde_json::Map<String, Value>) -> Result<Group, String> {
    let mut group = Group::new();
    for (section, sentences) in sections {
        let Value::Object(sentences) = sentences else {
            return Err(format!("{section} is no section"));
        };
        for (key, text) in sentences {
            let Value::String(text) = text else {
                return Err(format!("{section}.{key} is no text"));
            };
            if text.contains('\u{1}') {
                return Err(format!("{section}.{key} has a control character"));
            }
            let plural = key
                .rsplit_once('_')
                .and_then(|(key, category)| Some((key, CATEGORIES.iter().position(|known| *known == category)?)));
            let name = plural.map_or(key.as_str(), |(name, _)| name).to_owned();
            for part in [&section, &name] {
                if !is_name(part) {
                    return Err(format!("{section}.{key}: a name has small letters, digits and _"));
                }
            }
            let place = (section.clone(), name);
            match plural {
                None => {
                    if group.insert(place, Entry::Plain(text)).is_some() {
                        return Err(format!("{section}.{key} is there twice, with plural forms and without"));
                    }
                }
                Some((_, category)) => {
                    let entry = group.entry(place).or_insert_with(|| Entry::Plural(Default::default()));
                    let Entry::Plural(forms) = entry else {
                        return Err(format!("{section}.{key} is there twice, with plural forms and without"));
                    };
                    if let Some(form) = forms.get_mut(category) {
                        *form = Some(text);
                    }
                }
            }
        }
    }
    Ok(group)
}
