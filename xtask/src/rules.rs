//! Which crate may know which. Everything points to the domain; the server alone knows all.

use crate::graph::Graph;

struct Rule {
    /// One of our packages.
    of: &'static str,
    /// What it must not be built upon, however far away. `anteroom-*` is every package of ours but itself.
    never: &'static [&'static str],
    /// For the person who broke it.
    because: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        of: "anteroom-domain",
        never: &["tokio", "axum", "leptos", "sqlx", "str0m", "reqwest", "anteroom-*"],
        because: "the domain does no IO and compiles for the browser: values, state machines and rules only",
    },
    Rule {
        of: "anteroom-i18n",
        never: &[
            "tokio",
            "axum",
            "leptos",
            "sqlx",
            "reqwest",
            "anteroom-protocol",
            "anteroom-service",
            "anteroom-app",
            "anteroom",
        ],
        because: "sentences are written the same on both sides, and know nothing of where they stand",
    },
    Rule {
        of: "anteroom-service",
        never: &[
            "sqlx",
            "axum",
            "leptos",
            "str0m",
            "reqwest",
            "anteroom-storage",
            "anteroom-sfu",
            "anteroom-engines",
            "anteroom-http",
            "anteroom-app",
            "anteroom-i18n",
            "anteroom",
        ],
        because: "use cases speak to the outside through ports (crates/service/src/port); add to a port instead",
    },
    Rule {
        of: "anteroom-storage",
        never: &[
            "axum",
            "leptos",
            "str0m",
            "anteroom-sfu",
            "anteroom-engines",
            "anteroom-http",
            "anteroom-app",
            "anteroom",
        ],
        because: "storage implements one port, and can be replaced without the others noticing",
    },
    Rule {
        of: "anteroom-sfu",
        never: &[
            "axum",
            "leptos",
            "sqlx",
            "anteroom-storage",
            "anteroom-engines",
            "anteroom-http",
            "anteroom-app",
            "anteroom",
        ],
        because: "the media engine knows rooms and packets, not who the people are or where they are stored",
    },
    Rule {
        of: "anteroom-http",
        never: &[
            "axum",
            "leptos",
            "sqlx",
            "str0m",
            "anteroom-storage",
            "anteroom-sfu",
            "anteroom-engines",
            "anteroom-app",
            "anteroom",
        ],
        because: "adapters share the HTTP client, so it knows none of their providers",
    },
    Rule {
        of: "anteroom-engines",
        never: &["axum", "leptos", "sqlx", "anteroom-storage", "anteroom-app", "anteroom"],
        because: "an engine's adapter implements one port; what it must remember goes through the service",
    },
    Rule {
        of: "anteroom-app",
        never: &[
            "sqlx",
            "str0m",
            "anteroom-storage",
            "anteroom-sfu",
            "anteroom-engines",
            "anteroom-http",
            "anteroom",
        ],
        because: "pages ask the service; nothing else may be reached from a server function",
    },
    Rule {
        of: "anteroom",
        never: &["anteroom-emulator"],
        because: "the emulator of Microsoft's services is for tests and developers, and no part of the product",
    },
];

/// What the browser must not have to load, and could not run.
const NEVER_IN_BROWSER: &[&str] = &[
    "tokio",
    "axum",
    "sqlx",
    "str0m",
    "mio",
    "argon2",
    "anteroom-service",
    "anteroom-storage",
];

/// Every broken rule as a sentence.
pub fn broken(graph: &Graph) -> Vec<String> {
    RULES.iter().flat_map(|rule| check(graph, rule)).collect()
}

/// The packages of ours that a rule names and that are not there, such as after a renaming: a rule that holds nothing.
/// The server, which knows all, is the proof that the graph was read at all.
pub fn idle(graph: &Graph) -> Vec<String> {
    let unseen = (graph.way("anteroom", |name| name == "sqlx").is_none())
        .then(|| "The server seems not to use sqlx: what cargo metadata prints has changed its shape.".to_owned());
    let gone = RULES
        .iter()
        .filter(|rule| !graph.own().any(|name| name == rule.of))
        .map(|rule| {
            format!(
                "There is a rule for {}, but no such package: xtask/src/rules.rs is out of date.",
                rule.of
            )
        });
    gone.chain(unseen).collect()
}

/// Of the crates that the browser part is built from, one a line, those that must not be there.
pub fn broken_in_browser(tree: &str) -> Vec<String> {
    tree.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| NEVER_IN_BROWSER.contains(name))
        .map(|name| format!("The browser part contains {name}: a feature of it belongs under `ssr` (app/Cargo.toml)."))
        .collect()
}

fn check(graph: &Graph, rule: &Rule) -> Vec<String> {
    rule.never
        .iter()
        .filter_map(|forbidden| {
            let way = graph.way(rule.of, |name| matches(forbidden, name, rule.of))?;
            Some(format!("{}\n    {}.", way.join(" → "), rule.because))
        })
        .collect()
}

fn matches(forbidden: &str, name: &str, of: &str) -> bool {
    match forbidden.strip_suffix('*') {
        Some(start) => name.starts_with(start) && name != of,
        None => name == forbidden,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::example::graph;

    #[test]
    fn the_house_as_it_is_meant_breaks_no_rule() {
        let house = graph(&[
            ("anteroom", "anteroom-app"),
            ("anteroom", "anteroom-storage"),
            ("anteroom", "anteroom-engines"),
            ("anteroom-app", "anteroom-service"),
            ("anteroom-app", "leptos"),
            ("anteroom-app", "anteroom-i18n"),
            ("anteroom-i18n", "anteroom-domain"),
            ("anteroom-app", "axum"),
            ("anteroom-storage", "anteroom-service"),
            ("anteroom-storage", "sqlx"),
            ("anteroom-engines", "anteroom-service"),
            ("anteroom-engines", "anteroom-sfu"),
            ("anteroom-engines", "anteroom-http"),
            ("anteroom-http", "anteroom-service"),
            ("anteroom-http", "reqwest"),
            ("anteroom-sfu", "anteroom-domain"),
            ("anteroom-sfu", "str0m"),
            ("anteroom-service", "anteroom-domain"),
            ("anteroom-service", "tokio"),
            ("anteroom-domain", "serde"),
        ]);
        assert_eq!(broken(&house), Vec::<String>::new());
        assert_eq!(idle(&house), Vec::<String>::new());
    }

    #[test]
    fn a_forbidden_crate_is_found_behind_others_and_the_way_is_told() {
        let found = broken(&graph(&[("anteroom-app", "helper"), ("helper", "sqlx")]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("anteroom-app → helper → sqlx\n"), "{found:?}");
    }

    #[test]
    fn the_domain_knows_none_of_ours() {
        let found = broken(&graph(&[("anteroom-domain", "anteroom-service")]));
        assert!(found[0].starts_with("anteroom-domain → anteroom-service"), "{found:?}");
    }

    #[test]
    fn storage_media_and_engines_do_not_know_each_other() {
        for (from, to) in [
            ("anteroom-storage", "anteroom-sfu"),
            ("anteroom-storage", "anteroom-engines"),
            ("anteroom-sfu", "anteroom-storage"),
            ("anteroom-sfu", "anteroom-engines"),
            ("anteroom-engines", "anteroom-storage"),
        ] {
            assert_eq!(broken(&graph(&[(from, to)])).len(), 1, "{from} → {to}");
        }
        assert!(broken(&graph(&[("anteroom-engines", "anteroom-sfu")])).is_empty());
    }

    #[test]
    fn the_emulator_is_no_part_of_the_product() {
        let found = broken(&graph(&[("anteroom", "helper"), ("helper", "anteroom-emulator")]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("anteroom → helper → anteroom-emulator\n"),
            "{found:?}"
        );
    }

    #[test]
    fn a_rule_for_a_package_that_is_gone_is_noticed() {
        assert_eq!(
            idle(&graph(&[("anteroom-domain", "serde"), ("anteroom", "sqlx")])).len(),
            RULES.len() - 2
        );
    }

    #[test]
    fn a_graph_in_which_nothing_uses_anything_is_noticed() {
        assert!(
            idle(&graph(&[("anteroom", "serde")]))
                .iter()
                .any(|sentence| sentence.contains("sqlx"))
        );
    }

    #[test]
    fn a_similar_name_is_not_the_same_crate() {
        assert!(broken(&graph(&[("anteroom-domain", "tokio-stream-names")])).is_empty());
    }

    #[test]
    fn the_browser_part_holds_no_server() {
        let tree = "anteroom-web v0.1.0 (/x)\nleptos v0.8.23\ntokio v1.48.0\nserde v1.0.0 (*)\n";
        let found = broken_in_browser(tree);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("tokio"));
        assert!(broken_in_browser("leptos v0.8.23\n").is_empty());
    }
}
