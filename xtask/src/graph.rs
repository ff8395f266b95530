use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::Failure;

/// One version of one crate.
#[derive(Clone, Debug)]
pub struct Package {
    pub name: String,
    pub version: String,
    /// As an SPDX expression, where the crate says one.
    pub licence: Option<String>,
    /// None for our own.
    pub source: Option<String>,
}

/// The packages and what they are built upon (not what only their tests or build scripts use).
#[derive(Clone, Debug, Default)]
pub struct Graph {
    pub packages: BTreeMap<String, Package>,
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// From what `cargo metadata` prints.
    pub fn read(metadata: &Value) -> Result<Self, Failure> {
        let mut graph = Self::default();
        for package in list(metadata, "packages")? {
            graph.packages.insert(
                text(package, "id")?,
                Package {
                    name: text(package, "name")?,
                    version: text(package, "version")?,
                    licence: package.get("license").and_then(Value::as_str).map(str::to_owned),
                    source: package.get("source").and_then(Value::as_str).map(str::to_owned),
                },
            );
        }
        let resolve = metadata.get("resolve").ok_or_else(|| missing("resolve"))?;
        for node in list(resolve, "nodes")? {
            let mut uses = BTreeSet::new();
            for dependency in list(node, "deps")? {
                let is_normal = list(dependency, "dep_kinds")?
                    .iter()
                    .any(|kind| kind.get("kind").is_none_or(Value::is_null));
                if is_normal {
                    uses.insert(text(dependency, "pkg")?);
                }
            }
            graph.uses.insert(text(node, "id")?, uses);
        }
        Ok(graph)
    }

    /// The names of our own packages.
    pub fn own(&self) -> impl Iterator<Item = &str> {
        self.packages
            .values()
            .filter(|package| package.source.is_none())
            .map(|package| package.name.as_str())
    }

    /// The shortest way from one of our packages to one that `is_wanted`, by name, both ends included.
    pub fn way(&self, from: &str, is_wanted: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
        let (start, _) = self
            .packages
            .iter()
            .find(|(_, package)| package.name == from && package.source.is_none())?;
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut queue = VecDeque::from([start.as_str()]);
        while let Some(id) = queue.pop_front() {
            for next in self.uses.get(id).into_iter().flatten() {
                if next == start || came_from.contains_key(next.as_str()) {
                    continue;
                }
                came_from.insert(next, id);
                if self.packages.get(next).is_some_and(|package| is_wanted(&package.name)) {
                    return Some(self.names(next, &came_from));
                }
                queue.push_back(next);
            }
        }
        None
    }

    fn names<'a>(&'a self, end: &'a str, came_from: &BTreeMap<&'a str, &'a str>) -> Vec<&'a str> {
        let ids = std::iter::successors(Some(end), |id| came_from.get(id).copied());
        let mut names: Vec<&str> = ids
            .filter_map(|id| self.packages.get(id))
            .map(|package| package.name.as_str())
            .collect();
        names.reverse();
        names
    }
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>, Failure> {
    value.get(key).and_then(Value::as_array).ok_or_else(|| missing(key))
}

fn text(value: &Value, key: &str) -> Result<String, Failure> {
    value
        .get(key)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| missing(key))
}

fn missing(key: &str) -> Failure {
    format!("cargo metadata gave no `{key}`.")
}

#[cfg(test)]
pub mod example {
    use super::*;

    /// A graph of packages without licences; the names before the arrow are ours where they start with `anteroom`.
    pub fn graph(edges: &[(&str, &str)]) -> Graph {
        let mut graph = Graph::default();
        for (from, to) in edges {
            for name in [from, to] {
                let package = Package {
                    name: (*name).to_owned(),
                    version: "1.0.0".to_owned(),
                    licence: Some("MIT".to_owned()),
                    source: (!name.starts_with("anteroom"))
                        .then(|| "registry+https://github.com/rust-lang/crates.io-index".to_owned()),
                };
                graph.packages.insert((*name).to_owned(), package);
            }
            graph
                .uses
                .entry((*from).to_owned())
                .or_default()
                .insert((*to).to_owned());
        }
        graph
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_shortest_way_is_told() {
        let graph = example::graph(&[
            ("anteroom-app", "a"),
            ("a", "b"),
            ("b", "sqlx"),
            ("anteroom-app", "c"),
            ("c", "sqlx"),
        ]);
        assert_eq!(
            graph.way("anteroom-app", |name| name == "sqlx"),
            Some(vec!["anteroom-app", "c", "sqlx"])
        );
        assert_eq!(graph.way("anteroom-app", |name| name == "axum"), None);
    }

    #[test]
    fn a_circle_ends() {
        let graph = example::graph(&[("anteroom-app", "a"), ("a", "b"), ("b", "a"), ("b", "anteroom-app")]);
        assert_eq!(graph.way("anteroom-app", |name| name == "anteroom-app"), None);
    }

    #[test]
    fn what_only_tests_and_build_scripts_use_does_not_count() {
        let node = |deps: Value| json!({ "id": "anteroom-x", "deps": deps });
        let package = |name: &str, source: Value| json!({ "id": name, "name": name, "version": "1.0.0", "license": null, "source": source });
        let metadata = |kinds: Value| {
            json!({
                "packages": [package("anteroom-x", Value::Null), package("tokio", json!("registry+x"))],
                "resolve": { "nodes": [node(json!([{ "pkg": "tokio", "dep_kinds": kinds }]))] },
            })
        };
        let reaches = |kinds: Value| {
            Graph::read(&metadata(kinds))
                .unwrap()
                .way("anteroom-x", |name| name == "tokio")
                .is_some()
        };
        assert!(!reaches(json!([{ "kind": "dev" }, { "kind": "build" }])));
        assert!(reaches(json!([{ "kind": "dev" }, { "kind": null }])));
    }

    #[test]
    fn something_else_than_metadata_is_an_error() {
        assert!(Graph::read(&json!({ "packages": [] })).unwrap_err().contains("resolve"));
    }
}
