//! What is wrong with a value, in a sentence that says what to do.

use anteroom_domain::teams::link::LinkError;
use anteroom_domain::time::{LocalTimeError, UnknownZone};
use anteroom_domain::value::ValueError;
use anteroom_i18n::{Lang, text};

use super::Sentence;
use crate::forms::Unchosen;

impl Sentence for ValueError {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::NameMissing => text!(lang, guest::value::name_missing),
            Self::TooLong { most } => return text!(lang, guest::value::too_long { count: most }),
            Self::Unprintable => text!(lang, guest::value::unprintable),
            Self::EmailAddress => text!(lang, guest::value::email_address),
            Self::PhoneNumber => text!(lang, staff::value::phone_number),
            Self::PublishedPhone => text!(lang, staff::value::published_phone),
            Self::Language => text!(lang, guest::value::language),
            Self::EntraId => text!(lang, staff::value::entra_id),
            Self::PasswordTooShort { least } => {
                return text!(lang, staff::value::password_too_short { count: least });
            }
            Self::Minutes { least, most } => return text!(lang, staff::value::length { least, count: most }),
            Self::Buffer { most } => return text!(lang, staff::value::buffer { most }),
            Self::Date => text!(lang, staff::value::date),
            Self::Time => text!(lang, staff::value::time),
            Self::Stars => text!(lang, guest::value::stars),
        };
        sentence.to_owned()
    }
}

impl Sentence for UnknownZone {
    fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Missing => text!(lang, staff::value::zone_missing).to_owned(),
            Self::Typed(zone) => text!(lang, staff::value::zone_unknown { zone }),
        }
    }
}

impl Sentence for LocalTimeError {
    fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Skipped { time, earlier, later } => {
                let [time, earlier, later] = [time, earlier, later].map(|time| lang.clock(*time));
                text!(lang, staff::value::time_skipped { time, earlier, later })
            }
            Self::Twice(time) => text!(
                lang,
                staff::value::time_twice {
                    time: lang.clock(*time)
                }
            ),
            Self::OutOfRange => text!(lang, staff::value::date_out_of_range).to_owned(),
        }
    }
}

impl Sentence for LinkError {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::Empty => text!(lang, staff::value::link_empty),
            Self::TooLong => text!(lang, staff::value::link_too_long),
            Self::NoMeeting => text!(lang, staff::value::link_no_meeting),
            Self::Several => text!(lang, staff::value::link_several),
            Self::NotHttps => text!(lang, staff::value::link_not_https),
            Self::OtherHost => text!(lang, staff::value::link_elsewhere),
            Self::Rewritten => text!(lang, staff::value::link_rewritten),
            Self::Disguised => text!(lang, staff::value::link_disguised),
            Self::Personal => text!(lang, staff::value::link_personal),
            Self::LiveEvent => text!(lang, staff::value::link_live_event),
            Self::TownHall => text!(lang, staff::value::link_town_hall),
            Self::EventPage => text!(lang, staff::value::link_event_page),
            Self::CallOrChat => text!(lang, staff::value::link_call_or_chat),
            Self::Dod => text!(lang, staff::value::link_dod),
            Self::NotAMeeting => text!(lang, staff::value::link_not_a_meeting),
            Self::Broken => text!(lang, staff::value::link_broken),
            Self::App => text!(lang, staff::value::link_app),
        };
        sentence.to_owned()
    }
}

impl Sentence for Unchosen {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::Service => text!(lang, staff::form::choose_service),
            Self::Host => text!(lang, staff::form::choose_host),
            Self::Place => text!(lang, staff::form::choose_place),
            Self::Places => text!(lang, admin::refusal::choose_places),
            Self::Role => text!(lang, admin::refusal::choose_role),
            Self::Branch => text!(lang, admin::refusal::unknown_branch),
        };
        sentence.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Time;

    use super::*;
    use crate::language::lang;

    /// A clerk reads these sentences: each says what happened and what to do next.
    #[test]
    fn every_refusal_is_a_sentence_that_says_what_to_do() {
        for refused in [
            LinkError::Empty,
            LinkError::TooLong,
            LinkError::NoMeeting,
            LinkError::Several,
            LinkError::NotHttps,
            LinkError::OtherHost,
            LinkError::Disguised,
            LinkError::Personal,
            LinkError::LiveEvent,
            LinkError::TownHall,
            LinkError::EventPage,
            LinkError::CallOrChat,
            LinkError::Dod,
            LinkError::NotAMeeting,
            LinkError::Broken,
            LinkError::App,
        ] {
            let sentence = refused.sentence(lang());
            let advises = ["Paste", "paste", "Copy", "Schedule"]
                .iter()
                .any(|word| sentence.contains(word));
            assert!(advises && sentence.ends_with('.'), "{sentence}");
        }
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_refused_with_times_that_exist() {
        let time = |hour| Time::new(hour, 30, 0, 0).unwrap();
        let skipped = LocalTimeError::Skipped {
            time: time(2),
            earlier: time(1),
            later: time(3),
        };
        assert_eq!(
            skipped.sentence(lang()),
            "02:30 does not exist on that day: the clocks go forward. Choose 01:30 or 03:30, for example."
        );
    }
}
