//! What a provider did not do, and how it answers, in words for an admin.

use anteroom_domain::trouble::{Setting, Trouble};
use anteroom_domain::view::Health;

use super::Sentence as _;
use crate::language::lang;

/// Why something was not done, and what to do about it.
pub fn trouble_text(trouble: &Trouble) -> String {
    let sentence = match trouble {
        Trouble::Throttled { host, seconds: None } => return t!(admin::jobs::throttled { host }),
        Trouble::Throttled {
            host,
            seconds: Some(seconds),
        } => return t!(admin::jobs::throttled_for { host, count: seconds }),
        Trouble::Unavailable { host } => return t!(admin::jobs::unavailable { host }),
        Trouble::TimedOut { host } => return t!(admin::jobs::timed_out { host }),
        Trouble::Unreachable { host } => return t!(admin::jobs::unreachable { host }),
        Trouble::BrokenOff { host } => return t!(admin::jobs::broken_off { host }),
        Trouble::Denied { host, code, ahead } => return denied(host, code.as_deref(), *ahead),
        Trouble::NotThere { host, code: None } => return t!(admin::jobs::not_there { host }),
        Trouble::NotThere { host, code: Some(code) } => return t!(admin::jobs::not_there_code { host, code }),
        Trouble::Refused { host, status, code } => return refused(host, *status, code.as_deref()),
        Trouble::Malformed { host } => return t!(admin::jobs::malformed { host }),
        Trouble::ConsentMissing { application } => return t!(admin::jobs::consent_missing { application }),
        Trouble::AccessPolicyMissing { application, user } => {
            return t!(admin::jobs::access_policy_missing { application, user });
        }
        Trouble::UserUnknown { user } => return t!(admin::jobs::user_unknown { user }),
        Trouble::TeamsOff(why) => return why.sentence(lang()),
        Trouble::Told(why) => return why.clone(),
        Trouble::Setting(setting) => setting_text(*setting),
        Trouble::Unwanted => t!(admin::jobs::unwanted),
        Trouble::MeetingInTheMaking => t!(admin::jobs::meeting_in_the_making),
        Trouble::MeetingToBePasted => t!(admin::jobs::meeting_to_be_pasted),
        Trouble::MeetingGone => t!(admin::jobs::meeting_gone),
        Trouble::MeetingUnreadable => t!(admin::jobs::meeting_unreadable),
        Trouble::GraphOff => t!(admin::jobs::graph_off),
        Trouble::HostUnnamed => t!(admin::jobs::host_unnamed),
        Trouble::OtherCloud => t!(admin::jobs::other_cloud),
        Trouble::ForeignTenant => t!(admin::jobs::foreign_tenant),
        Trouble::TooOften => t!(admin::jobs::too_often),
        Trouble::NotIn => t!(admin::jobs::not_in),
        Trouble::NoEngine => t!(admin::jobs::no_engine),
        Trouble::EngineStopped => t!(admin::jobs::engine_stopped),
        Trouble::Ours => t!(admin::jobs::ours),
        Trouble::BrokeDown => t!(admin::jobs::broke_down),
        Trouble::TookTooLong => t!(admin::jobs::took_too_long),
        Trouble::ServerStopped => t!(admin::jobs::server_stopped),
        Trouble::UnknownWork => t!(admin::jobs::unknown_to_this_version),
    };
    sentence.to_owned()
}

fn setting_text(setting: Setting) -> &'static str {
    match setting {
        Setting::Https => t!(admin::jobs::no_https),
        Setting::IdentityHeader => t!(admin::jobs::bad_identity_header),
        Setting::Secret => t!(admin::jobs::bad_secret),
        Setting::PrivateKey => t!(admin::jobs::bad_private_key),
        Setting::Request => t!(admin::jobs::bad_setting),
    }
}

fn denied(host: &str, code: Option<&str>, ahead: Option<i64>) -> String {
    let advice = match (ahead, code.and_then(code_advice)) {
        (Some(minutes), _) if 0 < minutes => t!(admin::jobs::clock_ahead { count: minutes }),
        (Some(minutes), _) => t!(admin::jobs::clock_behind { count: minutes.abs() }),
        (None, Some(advice)) => advice.to_owned(),
        (None, None) => t!(admin::jobs::check_credentials).to_owned(),
    };
    match code {
        None => t!(admin::jobs::denied { host, advice }),
        Some(code) => t!(admin::jobs::denied_code { host, code, advice }),
    }
}

fn refused(host: &str, status: u16, code: Option<&str>) -> String {
    let advice = match (code.and_then(code_advice), status) {
        (Some(advice), _) => advice,
        (None, 300..400) => t!(admin::jobs::check_redirect),
        (None, 404) => t!(admin::jobs::check_address),
        (None, _) => t!(admin::jobs::check_settings),
    };
    // A code, and no quantity.
    let status = status.to_string();
    match code {
        None => t!(admin::jobs::refused { host, status, advice }),
        Some(code) => t!(admin::jobs::refused_code {
            host,
            status,
            code,
            advice
        }),
    }
}

/// What to do about one of Entra's error codes, where that is known.
fn code_advice(code: &str) -> Option<&'static str> {
    Some(match code {
        "AADSTS90002" | "AADSTS900023" => t!(admin::jobs::no_tenant),
        "AADSTS700016" => t!(admin::jobs::no_application),
        "AADSTS7000215" => t!(admin::jobs::wrong_secret),
        "AADSTS7000222" => t!(admin::jobs::secret_expired),
        "AADSTS7000216" | "AADSTS7000218" => t!(admin::jobs::no_credential),
        "AADSTS7000112" => t!(admin::jobs::application_disabled),
        "AADSTS700027" => t!(admin::jobs::certificate_unknown),
        "AADSTS700024" => t!(admin::jobs::assertion_late),
        "AADSTS700021" | "AADSTS700023" => t!(admin::jobs::assertion_elsewhere),
        "AADSTS500011" | "AADSTS500014" => t!(admin::jobs::service_unknown),
        "AADSTS53003" => t!(admin::jobs::access_blocked),
        _ => return None,
    })
}

/// How a provider answered last, a sentence each.
pub fn health_lines(health: &Health) -> Vec<String> {
    let good = health.good.map(|at| {
        t!(admin::teams::last_good {
            time: format!("{at:.0}")
        })
    });
    let bad = health.bad.as_ref().map(|(at, why)| {
        t!(admin::teams::last_failure {
            time: format!("{at:.0}"),
            why: trouble_text(why),
        })
    });
    let none = (good.is_none() && bad.is_none()).then(|| t!(admin::teams::not_asked).to_owned());
    [good, bad, none].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_that_was_not_asked_is_not_said_to_have_answered() {
        let lines = health_lines(&Health::default());
        assert_eq!(
            lines,
            ["Microsoft has not been asked for anything since the server started."]
        );
        let at = "2027-03-01T09:00:00.5Z".parse().unwrap();
        let host = "far.example".to_owned();
        let lines = health_lines(&Health {
            good: Some(at),
            bad: Some((at, Trouble::TimedOut { host })),
        });
        assert_eq!(
            lines,
            [
                "Last good answer: 2027-03-01T09:00:00Z.",
                "Last failure: 2027-03-01T09:00:00Z. far.example did not answer in time. Check the network between this machine and it if this stays.",
            ]
        );
    }
}
