//! Settings from `anteroom.toml`.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Problem, advice, known};
use super::setting::{Given, Layer, Setting, Source};

pub fn read(path: &Path, text: &str, problems: &mut Vec<Problem>) -> Layer {
    let mut file = File {
        path,
        text,
        layer: Layer::new(),
        problems,
    };
    match DeTable::parse(text) {
        Ok(root) => file.table("", root.get_ref()),
        Err(error) => {
            let line = error.span().map_or(1, |span| file.line(&span));
            let message = error.message().to_owned();
            file.problems.push(Problem::Syntax {
                path: path.to_owned(),
                line,
                message,
            });
        }
    }
    file.layer
}

struct File<'a> {
    path: &'a Path,
    text: &'a str,
    layer: Layer,
    problems: &'a mut Vec<Problem>,
}

impl File<'_> {
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let key = format!("{prefix}{}", name.get_ref());
            let line = self.line(&name.span());
            let inner = format!("{key}.");
            match (
                Setting::ALL.into_iter().find(|setting| setting.key() == key),
                value.get_ref(),
            ) {
                (Some(setting), _) => self.value(setting, value),
                (None, DeValue::Table(table)) if is_table(&inner) => self.table(&inner, table),
                (None, _) if is_table(&inner) => {
                    self.problems.push(Problem::NoTable {
                        key,
                        path: self.path.to_owned(),
                        line,
                    });
                }
                (None, _) => {
                    let advice = advice(&key, &known(|setting| setting.key().to_owned()));
                    self.problems.push(Problem::Unknown {
                        name: key,
                        place: self.at(line),
                        advice,
                    });
                }
            }
        }
    }

    fn value(&mut self, setting: Setting, value: &Spanned<DeValue<'_>>) {
        let source = self.at(self.line(&value.span()));
        let text = match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Array(items) if setting == Setting::MediaAdvertise => {
                let texts = items.iter().map(|item| item.get_ref().as_str());
                texts.collect::<Option<Vec<_>>>().map(|texts| texts.join(","))
            }
            _ => None,
        };
        match text {
            Some(text) => {
                self.layer.insert(setting, Given { text, source });
            }
            None => self.problems.push(Problem::Kind {
                key: setting.key(),
                place: source,
                allowed: setting.allowed(),
            }),
        }
    }

    fn at(&self, line: usize) -> Source {
        Source::File {
            path: self.path.to_owned(),
            line,
        }
    }

    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        1 + before.matches('\n').count()
    }
}

fn is_table(prefix: &str) -> bool {
    Setting::ALL
        .into_iter()
        .any(|setting| setting.key().starts_with(prefix))
}
