//! Dependencies that no source file names: each is compiled by everybody, and judged by whoever reads the manifest.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Failure;

/// Every unused dependency of our own packages as a sentence, from what `cargo metadata` prints. What only a macro names is
/// listed in the manifest, where cargo-machete looks for it, too.
pub fn unused(metadata: &Value) -> Result<Vec<String>, Failure> {
    let packages = list(metadata, "packages").filter(|package| package.get("source").is_none_or(Value::is_null));
    let mut found = Vec::new();
    for package in packages {
        let manifest = PathBuf::from(text(package, "manifest_path"));
        let ignored = package
            .pointer("/metadata/cargo-machete")
            .map(|table| list(table, "ignored"));
        let ignored: Vec<&Value> = ignored.into_iter().flatten().collect();
        for dependency in list(package, "dependencies") {
            let kind = text(dependency, "kind");
            let name = text(dependency, "name");
            if ignored.iter().any(|ignored| *ignored == name) {
                continue;
            }
            let called = dependency.get("rename").and_then(Value::as_str).unwrap_or(name);
            let mut is_named = false;
            for place in places(package, kind) {
                is_named |= any_file(&place, &|source| names(source, &called.replace('-', "_")))?;
            }
            if !is_named {
                let section = match kind {
                    "" => "dependencies".to_owned(),
                    kind => format!("{kind}-dependencies"),
                };
                found.push(format!(
                    "{} has {name} in [{section}], and nothing that is built with those names it: take it out, or put it where it is used.",
                    manifest.display()
                ));
            }
        }
    }
    Ok(found)
}

/// The folders and files that may use a dependency of this kind. What only tests use is a dev-dependency.
fn places(package: &Value, kind: &str) -> Vec<PathBuf> {
    let is_built_with = |target: &&Value| {
        let is = |wanted: &str| list(target, "kind").any(|kind| kind == wanted);
        match kind {
            "build" => is("custom-build"),
            "dev" => !is("custom-build"),
            _ => !["custom-build", "test", "bench", "example"].into_iter().any(is),
        }
    };
    let targets = list(package, "targets").filter(is_built_with);
    targets
        .filter_map(|target| {
            let entry = Path::new(text(target, "src_path"));
            match kind {
                // A build script stands in the package's own folder; its modules are in one of its name.
                "build" => Some(vec![entry.to_owned(), entry.with_extension("")]),
                _ => Some(vec![entry.parent()?.to_owned()]),
            }
        })
        .flatten()
        .collect()
}

fn any_file(place: &Path, is_wanted: &dyn Fn(&str) -> bool) -> Result<bool, Failure> {
    let unreadable = |error| format!("{} can't be read: {error}", place.display());
    if place.is_dir() {
        for entry in fs::read_dir(place).map_err(unreadable)? {
            if any_file(&entry.map_err(unreadable)?.path(), is_wanted)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if place.extension().is_none_or(|extension| extension != "rs") {
        return Ok(false);
    }
    Ok(is_wanted(&fs::read_to_string(place).map_err(unreadable)?))
}

/// As the beginning of a path, or as all of a `use`. A word in a comment is no use.
fn names(source: &str, krate: &str) -> bool {
    let mut code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.any(|line| {
        line.match_indices(krate).any(|(at, _)| {
            let (before, rest) = line.split_at(at);
            let after = rest.strip_prefix(krate).unwrap_or_default();
            let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            let is_whole_use = before.trim_end().ends_with("use") && after.starts_with([';', ' ']);
            !before.ends_with(is_part) && (after.starts_with("::") || is_whole_use)
        })
    })
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_dependency_is_used_where_a_path_begins_with_it() {
        for used in [
            "use serde::Serialize;",
            "let x = serde::to(y);",
            "#[serde::x]",
            "use serde;",
            "pub use serde as s;",
            "x(serde::y)",
        ] {
            assert!(names(used, "serde"), "{used}");
        }
        for unused in [
            "// use serde::Serialize;",
            "use serde_json::Value;",
            "crate::serde::x()",
            "let serde = 1;",
            "my_serde::x()",
            "",
        ] {
            assert!(!names(unused, "serde"), "{unused}");
        }
    }

    #[test]
    fn a_dependency_that_only_tests_or_nothing_names_is_told() {
        let scratch = Scratch::new("unused").unwrap();
        let file = |name: &str, source: &str| {
            let path = scratch.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, source).unwrap();
            path
        };
        let target = |kind: &str, path: PathBuf| json!({ "kind": [kind], "src_path": path });
        let targets = [
            target("lib", file("src/lib.rs", "use in_source::x;")),
            target("test", file("tests/a.rs", "mod b;")),
            target("custom-build", file("build.rs", "mod c;")),
        ];
        file("tests/b.rs", "in_tests::x();");
        file("build/c.rs", "in_build::x();");
        let told = |name: &str, kind: Value| {
            let dependency = json!({ "name": name, "kind": kind, "rename": null });
            let ignored = json!({ "cargo-machete": { "ignored": ["in-a-macro"] } });
            let package = json!({
                "manifest_path": "Cargo.toml",
                "dependencies": [dependency],
                "targets": targets,
                "metadata": ignored,
            });
            unused(&json!({ "packages": [package] })).unwrap()
        };
        for (name, used_by) in [
            ("in-source", [true, true, false]),
            ("in-tests", [false, true, false]),
            ("in-build", [false, false, true]),
            ("in-a-macro", [true, true, true]),
            ("nowhere", [false, false, false]),
        ] {
            let kinds = [Value::Null, json!("dev"), json!("build")];
            assert_eq!(kinds.map(|kind| told(name, kind).is_empty()), used_by, "{name}");
        }
        assert!(told("nowhere", json!("dev"))[0].contains("nowhere in [dev-dependencies]"));
    }
}
