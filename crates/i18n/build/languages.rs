//! The folders of `locales/`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalogue::Source;

/// English, and every language in the order of their tags, English first.
pub fn read(locales: &Path) -> Result<(Source, Vec<Source>), String> {
    let mut folders: Vec<PathBuf> = fs::read_dir(locales)
        .map_err(|error| format!("{}: {error}", locales.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_dir()))
        .collect();
    folders.sort_by_key(|folder| (!folder.ends_with("en"), folder.clone()));
    let languages = folders
        .iter()
        .map(|folder| Source::read(folder))
        .collect::<Result<Vec<_>, _>>()?;
    let english = languages
        .first()
        .filter(|first| first.tag == "en")
        .ok_or("there is no locales/en")?
        .clone();
    let mistakes: Vec<String> = languages
        .iter()
        .flat_map(|language| language.mistakes(&english))
        .collect();
    if mistakes.is_empty() {
        Ok((english, languages))
    } else {
        Err(mistakes.join("\n"))
    }
}
