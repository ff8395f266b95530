//! What only Microsoft Teams has: links of meetings and whose they may be, what a guest's client reports, what Azure charges.

mod overview;
pub(crate) mod place;
mod report;

pub use report::{NoticeShown, ReportPresence, TeamsCallEnd};

use anteroom_domain::refusal::TeamsOff;
use anteroom_domain::teams::cost::Rates;
use anteroom_domain::view::TeamsOffer;

/// What the operator decided about Teams.
#[derive(Clone, Debug)]
pub struct TeamsRules {
    /// What staff can choose when they schedule.
    pub offer: TeamsOffer,
    /// What Azure charges for guests' calls and messages.
    pub rates: Rates,
    /// Is the meetings' own chat used?
    pub chat: bool,
}

impl Default for TeamsRules {
    fn default() -> Self {
        Self {
            offer: TeamsOffer {
                on: false,
                why_off: Some(TeamsOff::NotSetUp),
                graph: false,
                webinars: false,
            },
            rates: Rates::default(),
            chat: false,
        }
    }
}

/// Which tenants' meetings may be used, a GUID a line.
const TENANTS: &str = "teams_tenants";
