//! The parts of `deny.toml` that need no network, held without `cargo deny`: one file says it, whoever checks it.

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

use crate::Failure;
use crate::graph::{Graph, Package};
use crate::licence::is_allowed;

#[derive(Debug)]
pub struct Policy {
    licences: Vec<String>,
    /// Further licences, by crate.
    exceptions: BTreeMap<String, Vec<String>>,
    /// The reason, by crate.
    banned: BTreeMap<String, String>,
    registries: Vec<String>,
}

impl Policy {
    pub fn load(file: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("deny.toml can't be read: {error}"))?;
        Self::read(&text)
    }

    fn read(text: &str) -> Result<Self, Failure> {
        let table: Table = text.parse().map_err(|error| format!("deny.toml: {error}"))?;
        let licenses = section(&table, "licenses")?;
        let mut exceptions = BTreeMap::new();
        for entry in entries(licenses, "exceptions") {
            exceptions.insert(word(entry, "crate")?, strings(entry, "allow"));
        }
        let mut banned = BTreeMap::new();
        for entry in entries(section(&table, "bans")?, "deny") {
            banned.insert(word(entry, "crate")?, word(entry, "reason")?);
        }
        Ok(Self {
            licences: strings(licenses, "allow"),
            exceptions,
            banned,
            registries: strings(section(&table, "sources")?, "allow-registry"),
        })
    }

    /// Every breach as a sentence.
    pub fn breaches(&self, graph: &Graph) -> Vec<String> {
        let foreign = graph.packages.values().filter(|package| package.source.is_some());
        foreign.flat_map(|package| self.breaches_of(package)).collect()
    }

    /// Exceptions for crates that are not used any more.
    pub fn idle(&self, graph: &Graph) -> Vec<String> {
        let is_there = |name: &str| graph.packages.values().any(|package| package.name == name);
        self.exceptions
            .keys()
            .filter(|name| !is_there(name))
            .map(|name| format!("deny.toml makes an exception for {name}, which is not used: take it out."))
            .collect()
    }

    fn breaches_of(&self, package: &Package) -> Vec<String> {
        let mut breaches = Vec::new();
        let name = format!("{} {}", package.name, package.version);
        if let Some(reason) = self.banned.get(&package.name) {
            breaches.push(format!("{name} is banned: {reason}."));
        }
        let is_known = |source: &str| self.registries.iter().any(|url| source == format!("registry+{url}"));
        if let Some(source) = package.source.as_deref().filter(|source| !is_known(source)) {
            breaches.push(format!(
                "{name} comes from {source}; only what [sources] in deny.toml names may be used."
            ));
        }
        let further = self
            .exceptions
            .get(&package.name)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let verdict = match &package.licence {
            Some(expression) => is_allowed(expression, |licence| {
                self.licences.iter().chain(further).any(|allowed| allowed == licence)
            }),
            None => Err("it names no licence".to_owned()),
        };
        match verdict {
            Ok(true) => {}
            Ok(false) => breaches.push(format!(
                "{name} is under {}, which [licenses] in deny.toml does not allow.",
                package.licence.as_deref().unwrap_or_default()
            )),
            Err(trouble) => breaches.push(format!("{name} can't be judged: {trouble}.")),
        }
        breaches
    }
}

fn section<'a>(table: &'a Table, name: &str) -> Result<&'a Table, Failure> {
    table
        .get(name)
        .and_then(Value::as_table)
        .ok_or_else(|| format!("deny.toml has no [{name}]."))
}

fn entries<'a>(table: &'a Table, name: &str) -> impl Iterator<Item = &'a Table> {
    let list = table.get(name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_table)
}

fn strings(table: &Table, name: &str) -> Vec<String> {
    let list = table.get(name).and_then(Value::as_array);
    let words = list.into_iter().flatten().filter_map(Value::as_str);
    words.map(str::to_owned).collect()
}

fn word(table: &Table, name: &str) -> Result<String, Failure> {
    table
        .get(name)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| format!("deny.toml: an entry without `{name}`: {table}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::example;

    const RULES: &str = r#"
        [licenses]
        allow = ["MIT"]
        exceptions = [{ crate = "odd", allow = ["MPL-2.0"] }]
        [bans]
        deny = [{ crate = "openssl-sys", reason = "one TLS stack" }]
        [sources]
        allow-registry = ["https://github.com/rust-lang/crates.io-index"]
    "#;

    fn with(name: &str, change: impl FnOnce(&mut Package)) -> Vec<String> {
        let mut graph = example::graph(&[("anteroom", name)]);
        change(graph.packages.get_mut(name).unwrap());
        Policy::read(RULES).unwrap().breaches(&graph)
    }

    #[test]
    fn a_licence_that_is_not_listed_is_a_breach_but_for_the_crate_with_an_exception() {
        let mpl = |package: &mut Package| package.licence = Some("MPL-2.0".to_owned());
        assert_eq!(with("even", |_| ()), Vec::<String>::new());
        assert_eq!(with("even", mpl).len(), 1);
        assert_eq!(with("odd", mpl), Vec::<String>::new());
    }

    #[test]
    fn no_licence_is_a_breach() {
        let found = with("even", |package| package.licence = None);
        assert!(found[0].contains("names no licence"), "{found:?}");
    }

    #[test]
    fn a_banned_crate_is_told_with_its_reason() {
        let found = with("openssl-sys", |_| ());
        assert_eq!(found, ["openssl-sys 1.0.0 is banned: one TLS stack."]);
    }

    #[test]
    fn a_crate_from_elsewhere_is_a_breach() {
        let found = with("even", |package| {
            package.source = Some("git+https://example.org/x".to_owned());
        });
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn an_exception_that_nobody_needs_is_noticed() {
        let policy = Policy::read(RULES).unwrap();
        assert_eq!(policy.idle(&example::graph(&[("anteroom", "even")])).len(), 1);
        assert!(policy.idle(&example::graph(&[("anteroom", "odd")])).is_empty());
    }

    #[test]
    fn a_file_without_its_parts_is_an_error() {
        assert!(Policy::read("").unwrap_err().contains("[licenses]"));
        assert!(Policy::read("x = ").is_err());
    }
}
