//! Reads `locales/`, checks every language against English, and writes what the crate is made of: a type for each sentence,
//! and each language as the browser is sent it.

#[path = "build/catalogue.rs"]
mod catalogue;
#[path = "build/keys.rs"]
mod keys;
#[path = "build/languages.rs"]
mod languages;
#[path = "build/pack.rs"]
mod pack;
#[expect(dead_code, reason = "the build reads the rules, and only the crate goes by them")]
#[path = "src/plural.rs"]
mod plural;
#[path = "build/pseudo.rs"]
mod pseudo;

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

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
    let (english, mut languages) = languages::read(&locales)?;
    let known = keys::known(&languages, &english);
    // A release has no use for the languages of its tests.
    if env::var("PROFILE").is_ok_and(|profile| profile != "release") {
        languages.extend(pseudo::languages(&english));
    }
    let write = |name: String, text: String| {
        let file = out.join(name);
        fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
    };
    write("keys.rs".to_owned(), known + &keys::keys(&english)?)?;
    write("index.rs".to_owned(), keys::index(&english))?;
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
