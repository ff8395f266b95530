//! Microsoft Teams, as this installation is set up for it: the engine, the rules, and the module that browsers load.

mod client;

use std::sync::Arc;

use anteroom_service::TeamsRules;
use anteroom_service::port::{EngineOff, MeetingEngine};

pub use client::TeamsClient;

/// What the rest of the server needs of it.
pub struct Teams {
    pub engine: Arc<dyn MeetingEngine>,
    pub rules: TeamsRules,
    /// None: it is not built, or Teams is off.
    pub client: Option<Arc<TeamsClient>>,
    /// Hosts that the module may reach beside Microsoft's.
    pub connect: Vec<String>,
}

impl Teams {
    pub fn off() -> Self {
        let rules = TeamsRules::default();
        let why = rules.offer.why_off.clone();
        Self {
            engine: Arc::new(EngineOff { why }),
            rules,
            client: None,
            connect: Vec::new(),
        }
    }
}
