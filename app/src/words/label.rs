//! What codes are called on the pages of staff.

use anteroom_domain::consultation::Conclusion;
use anteroom_domain::organisation::Engine;

/// How a consultation was left.
pub fn conclusion_label(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Settled => t!(staff::outcome::settled),
        Conclusion::FollowUp => t!(staff::outcome::follow_up),
        Conclusion::Unsettled => t!(staff::outcome::unsettled),
    }
}

/// Where a consultation takes place.
pub fn engine_label(engine: Engine) -> &'static str {
    match engine {
        Engine::Builtin => t!(staff::engine::builtin),
        Engine::Teams => t!(staff::engine::teams),
    }
}
