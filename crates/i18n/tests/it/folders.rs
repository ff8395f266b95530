//! What a translator can do to a folder, and what the build says to it.

use std::fs;
use std::path::{Path, PathBuf};

use anteroom_i18n::{KNOWN, Lang};
use serde_json::{Value, json};

use crate::{languages, pack};

/// A copy of the catalogue, to change.
struct Locales(tempfile::TempDir);

impl Locales {
    fn copy() -> Self {
        let to = tempfile::tempdir().unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales");
        for entry in fs::read_dir(from).unwrap() {
            let folder = entry.unwrap().path();
            if !folder.is_dir() {
                continue;
            }
            let copy = to.path().join(folder.file_name().unwrap());
            fs::create_dir(&copy).unwrap();
            for file in fs::read_dir(&folder).unwrap() {
                let file = file.unwrap().path();
                fs::copy(&file, copy.join(file.file_name().unwrap())).unwrap();
            }
        }
        Self(to)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: &Value) {
        let file = self.file(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content.to_string()).unwrap();
    }

    /// A sentence of a language that is there.
    fn put(&self, name: &str, section: &str, key: &str, text: &str) {
        let mut all: Value = serde_json::from_slice(&fs::read(self.file(name)).unwrap_or(b"{}".to_vec())).unwrap();
        all[section][key] = text.into();
        self.write(name, &all);
    }

    fn mistakes(&self) -> String {
        languages::read(self.0.path()).map(|_| ()).unwrap_err()
    }
}

#[test]
fn a_thirteenth_language_is_a_folder_more() {
    let locales = Locales::copy();
    let mut about: Value = serde_json::from_slice(&fs::read(locales.file("de/language.json")).unwrap()).unwrap();
    about["name"] = "Svenska".into();
    about["complete"] = false.into();
    locales.write("sv/language.json", &about);
    locales.put("sv/guest.json", "landing", "add_to_calendar", "Lägg till i kalendern");

    let (english, found) = languages::read(locales.0.path()).unwrap();
    assert_eq!(found.len(), KNOWN.len() + 1);
    let swedish = found.iter().find(|language| language.tag == "sv").unwrap();
    let packed = pack::pack(swedish, &english).unwrap();
    assert!(packed.listed.contains("name: \"Svenska\""), "{}", packed.listed);
    let (_, guest) = packed.files.iter().find(|(audience, _)| *audience == "guest").unwrap();
    let lang = Lang::install(guest).unwrap();
    assert_eq!(lang.tag(), "sv");
    assert_eq!(
        anteroom_i18n::text!(lang, guest::landing::add_to_calendar),
        "Lägg till i kalendern"
    );
    // What has no translation yet is there in English.
    assert_eq!(anteroom_i18n::text!(lang, guest::language::label), "Language");
    assert_eq!(
        anteroom_i18n::text!(lang, guest::time::of_city { city: "Malmö" }),
        "Malmö time"
    );
}

#[test]
fn the_build_names_every_mistake_and_its_place() {
    let locales = Locales::copy();
    locales.put("de/guest.json", "time", "of_city", "Zeit in {{stadt}}");
    locales.put("de/guest.json", "time", "minutes", "{{minutes");
    locales.put("de/guest.json", "time", "no_such_key", "Nichts");
    locales.put("fr/guest.json", "time", "range", "{{from}}");
    let mistakes = locales.mistakes();
    for expected in [
        "locales/de/guest.json: time.of_city: {{stadt}} is not an argument of the English sentence",
        "locales/de/guest.json: time.of_city: {{city}} is missing",
        "locales/de/guest.json: time.minutes: {{ has no }}",
        "locales/de/guest.json: time.no_such_key: there is no such sentence in English",
        "locales/fr/guest.json: time.range: {{to}} is missing",
    ] {
        assert!(mistakes.contains(expected), "{expected}\n{mistakes}");
    }
}

#[test]
fn a_language_that_says_it_is_complete_has_all_that_guests_read() {
    let locales = Locales::copy();
    let mut about: Value = serde_json::from_slice(&fs::read(locales.file("pl/language.json")).unwrap()).unwrap();
    about["complete"] = true.into();
    locales.write("pl/language.json", &about);
    locales.write("pl/guest.json", &json!({}));
    let mistakes = locales.mistakes();
    assert!(
        mistakes.contains("locales/pl/guest.json: time.of_city: is missing"),
        "{mistakes}"
    );
}

#[test]
fn every_plural_form_of_the_language_is_there_and_no_other() {
    let locales = Locales::copy();
    locales.put("en/guest.json", "probe", "waiting_one", "{{count}} waits");
    locales.put("en/guest.json", "probe", "waiting_other", "{{count}} wait");
    locales.put("pl/guest.json", "probe", "waiting_one", "jedna");
    locales.put("pl/guest.json", "probe", "waiting_few", "{{count}}");
    locales.put("pl/guest.json", "probe", "waiting_other", "{{count}}");
    locales.put("ja/guest.json", "probe", "waiting_one", "{{count}}");
    locales.put("ja/guest.json", "probe", "waiting_other", "{{count}}");
    locales.put("tr/guest.json", "probe", "waiting", "{{count}}");
    let mistakes = locales.mistakes();
    for expected in [
        "locales/pl/guest.json: probe.waiting: the form _many is missing",
        "locales/ja/guest.json: probe.waiting: the language has no form _one",
        "locales/tr/guest.json: probe.waiting: has a number, and needs the plural forms of the language",
    ] {
        assert!(mistakes.contains(expected), "{expected}\n{mistakes}");
    }
}

#[test]
fn a_file_that_is_no_json_is_named() {
    let locales = Locales::copy();
    fs::write(locales.file("it/staff.json"), "{\"a\": ").unwrap();
    assert!(locales.mistakes().contains("it/staff.json"));
}
