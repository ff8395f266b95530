//! Settings from environment variables that begin with `ANTEROOM_`.

use super::error::{Problem, advice, known};
use super::setting::{Given, Layer, Setting, Source};

/// Names the file; not a setting of its own.
pub const CONFIG: &str = "ANTEROOM_CONFIG";

const PREFIX: &str = "ANTEROOM_";

/// Ours, but not for the running server. `ANTEROOM_SKIP_WEB` and `ANTEROOM_WEB_…` belong to the build; `cargo run` hands
/// them on. The others are set by container platforms for a service that is called `anteroom`: an address of every port
/// (Docker links and Kubernetes' service variables).
fn is_others(name: &str) -> bool {
    name == "ANTEROOM_SKIP_WEB"
        || name == "ANTEROOM_PORT"
        || ["ANTEROOM_WEB_", "ANTEROOM_PORT_", "ANTEROOM_SERVICE_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

/// An empty variable is one that is not set: that is how compose files write it.
pub fn read(variables: &[(String, String)], problems: &mut Vec<Problem>) -> Layer {
    let mut layer = Layer::new();
    for (name, value) in variables {
        if !name.starts_with(PREFIX) || name == CONFIG || is_others(name) {
            continue;
        }
        let source = Source::Environment(name.clone());
        match Setting::ALL.into_iter().find(|setting| setting.variable() == *name) {
            Some(_) if value.trim().is_empty() => {}
            Some(setting) => {
                layer.insert(
                    setting,
                    Given {
                        text: value.clone(),
                        source,
                    },
                );
            }
            None => {
                let mut known = known(Setting::variable);
                known.push(CONFIG.to_owned());
                problems.push(Problem::Unknown {
                    name: name.clone(),
                    place: source,
                    advice: advice(name, &known),
                });
            }
        }
    }
    layer
}
