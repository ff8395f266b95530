//! The one place that knows which engines there are.

use std::rc::Rc;

use anteroom_domain::teams::link::OpenInTeams;
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::teams::ChatOff;

use super::{CallEngine, Start, builtin, teams};

/// What credentials lead to.
pub struct Choice {
    /// Starts the engine. None: the participant sits in a client of the external meeting itself (the clerk in Microsoft
    /// Teams), and this page carries no sound or picture.
    pub start: Option<fn(Start) -> Rc<dyn CallEngine>>,
    /// None: the meeting takes place on this site.
    pub external: Option<ExternalEntry>,
}

/// What credentials say about an external meeting.
pub struct ExternalEntry {
    /// The way into the meeting in its own client.
    pub open: OpenInTeams,
    /// Why the meeting's own chat is not used.
    pub chat_off: Option<ChatOff>,
}

pub fn choose(credentials: &Credentials) -> Choice {
    match credentials {
        Credentials::Builtin { .. } => on_site(builtin::start),
        Credentials::Teams(given) => external(Some(teams::start), &given.open, given.chat_off),
        Credentials::TeamsHost { open } => external(None, open, None),
    }
}

fn on_site(start: fn(Start) -> Rc<dyn CallEngine>) -> Choice {
    Choice {
        start: Some(start),
        external: None,
    }
}

fn external(start: Option<fn(Start) -> Rc<dyn CallEngine>>, open: &OpenInTeams, chat_off: Option<ChatOff>) -> Choice {
    Choice {
        start,
        external: Some(ExternalEntry {
            open: open.clone(),
            chat_off,
        }),
    }
}
