//! Reads `locales/`, checks every language against English, and writes what the crate is made of: a type for each sentence,
//! and each language as the browser is sent it.

#[path = "../src/catalogue.rs"]
mod catalogue;
mod keys;
mod pack;
#[expect(dead_code, reason = "the build reads the rules, and only the crate goes by them")]
#[path = "../src/plural.rs"]
mod plural;
mod pseudo;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use catalogue::Source;

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(mistakes) => {
            eprintln!("\nThe catalogue of sentences has mistakes:\n\n{mistakes}\n");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let variable = |name| env::var_os(name).map(PathBuf::from).ok_or(format!("{name} is not set"));
    let locales = variable("CARGO_MANIFEST_DIR")?.join("../../locales");
    let out = variable("OUT_DIR")?;
    println!("cargo::rerun-if-changed={}", locales.display());
    let (english, mut languages) = read(&locales)?;
    // A release has no use for the languages of its tests.
    if env::var("PROFILE").is_ok_and(|profile| profile != "release") {
        languages.extend(pseudo::languages(&english));
    }
    let write = |name: String, text: String| {
        let file = out.join(name);
        fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
    };
    write("keys.rs".to_owned(), keys::keys(&english)?)?;
    let mut list = String::new();
    for language in &languages {
        let packed = pack::pack(language, &english)?;
        for (audience, text) in packed.files {
            write(format!("{}.{audience}.json", language.tag), text)?;
        }
        list.push_str(&packed.listed);
    }
    let declared = format!(
        "/// English first, the others by their tags. The made-up languages of tests are among them where this is no release.\n\
         pub static LANGUAGES: [Embedded; {}] = [{list}];",
        languages.len()
    );
    write("languages.rs".to_owned(), declared)
}

/// English, and every language in the order of their tags, English first.
fn read(locales: &Path) -> Result<(Source, Vec<Source>), String> {
    let mut folders: Vec<PathBuf> = fs::read_dir(locales)
        .map_err(|error| format!("{}: {error}", locales.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_dir()))
        .collect();
    folders.sort_by_key(|folder| (!folder.ends_with("en"), folder.clone()));
    let languages = folders.iter().map(|folder| Source::read(folder)).collect::<Result<Vec<_>, _>>()?;
    let english = languages
        .first()
        .filter(|first| first.tag == "en")
        .ok_or("there is no locales/en")?
        .clone();
    let mistakes: Vec<String> = languages.iter().flat_map(|language| language.mistakes(&english)).collect();
    if mistakes.is_empty() {
        Ok((english, languages))
    } else {
        Err(mistakes.join("\n"))
    }
}
