//! End codes of Microsoft's Calling SDK, as a guest reads them.

use anteroom_domain::teams::end_code::{Meaning, explain};

/// What happened, and what to do. The sentence of an undocumented code names both numbers.
pub fn ending_text(code: i32, sub_code: i32) -> String {
    let sentence = match explain(code, sub_code).meaning {
        Meaning::Left => t!(guest::teams_end::left),
        Meaning::EndedByHost => t!(guest::teams_end::ended_by_host),
        Meaning::PageClosed => t!(guest::teams_end::page_closed),
        Meaning::TakenOut => t!(guest::teams_end::taken_out),
        Meaning::BrokenOff => t!(guest::teams_end::broken_off),
        Meaning::Over => t!(guest::teams_end::over),
        Meaning::Deserted => t!(guest::teams_end::deserted),
        Meaning::EndedForYou => t!(guest::teams_end::ended_for_you),
        Meaning::NobodyCame => t!(guest::teams_end::nobody_came),
        Meaning::RoleChanged => t!(guest::teams_end::role_changed),
        Meaning::NotLetIn => t!(guest::teams_end::not_let_in),
        Meaning::NobodyLetIn => t!(guest::teams_end::nobody_let_in),
        Meaning::PassedOn => t!(guest::teams_end::passed_on),
        Meaning::Insecure => t!(guest::teams_end::insecure),
        Meaning::Incapable => t!(guest::teams_end::incapable),
        Meaning::RanOut => t!(guest::teams_end::ran_out),
        Meaning::NoSuchLink => t!(guest::teams_end::no_such_link),
        Meaning::Personal => t!(guest::teams_end::personal),
        Meaning::NotAllowed => t!(guest::teams_end::not_allowed),
        Meaning::NotAdmitted => t!(guest::teams_end::not_admitted),
        Meaning::NotAccepted => t!(guest::teams_end::not_accepted),
        Meaning::NoGuests => t!(guest::teams_end::no_guests),
        Meaning::NotOpen => t!(guest::teams_end::not_open),
        Meaning::Gone => t!(guest::teams_end::gone),
        Meaning::Unreachable => t!(guest::teams_end::unreachable),
        Meaning::NoAnswer => t!(guest::teams_end::no_answer),
        Meaning::InAnotherTab => t!(guest::teams_end::in_another_tab),
        Meaning::CameraFailed => t!(guest::teams_end::camera_failed),
        Meaning::MediaLost => t!(guest::teams_end::media_lost),
        Meaning::CameraInUse => t!(guest::teams_end::camera_in_use),
        Meaning::CameraMissing => t!(guest::teams_end::camera_missing),
        Meaning::TooLong => t!(guest::teams_end::too_long),
        Meaning::Busy => t!(guest::teams_end::busy),
        Meaning::Lost => t!(guest::teams_end::lost),
        Meaning::NobodyReached => t!(guest::teams_end::nobody_reached),
        Meaning::TheirProblem => t!(guest::teams_end::their_problem),
        Meaning::NotTaken => t!(guest::teams_end::not_taken),
        Meaning::ModuleMissing => t!(guest::teams_end::module_missing),
        Meaning::Silent => t!(guest::teams_end::silent),
        Meaning::PageFailed => t!(guest::teams_end::page_failed),
        Meaning::Undocumented => {
            // A number to be told, and no quantity.
            let code = format!("{code}/{sub_code}");
            return t!(guest::teams_end::undocumented { code });
        }
    };
    sentence.to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Every code that is known, with what it says. The domain's tests see to it that they have every meaning.
    fn known() -> Vec<(i32, i32, String)> {
        let known = include_str!("../../../crates/domain/src/teams/end_code/known.json");
        let known: BTreeMap<i32, Vec<i32>> = serde_json::from_str(known).unwrap();
        known
            .into_iter()
            .flat_map(|(code, subs)| subs.into_iter().map(move |sub| (code, sub, ending_text(code, sub))))
            .collect()
    }

    #[test]
    fn every_sentence_is_one_that_a_guest_understands() {
        for (code, sub, sentence) in known() {
            assert!(
                sentence.ends_with('.') && sentence.len() < 180,
                "{code}/{sub}: {sentence}"
            );
            assert!(
                !sentence.contains("SDK") && !sentence.contains("ACS"),
                "no guest's word: {sentence}"
            );
        }
    }

    #[test]
    fn a_sentence_that_asks_to_join_again_offers_it() {
        for (code, sub, sentence) in known() {
            let asks = ["oin again", "ask again", "come in again"]
                .iter()
                .any(|words| sentence.contains(words));
            assert!(explain(code, sub).rejoin || !asks, "{code}/{sub}: {sentence}");
        }
    }

    #[test]
    fn a_sentence_that_names_teams_as_the_way_on_leads_there() {
        for (code, sub, sentence) in known() {
            let names = sentence.contains("in Teams instead");
            assert!(
                explain(code, sub).cause.leaves_teams_open() || !names,
                "{code}/{sub}: {sentence}"
            );
        }
    }

    #[test]
    fn what_nobody_knows_says_its_number() {
        for (code, sub) in [(777, 12), (200, 1), (-7, 0), (i32::MIN, i32::MAX)] {
            assert!(ending_text(code, sub).contains(&format!("{code}/{sub}")));
        }
    }
}
