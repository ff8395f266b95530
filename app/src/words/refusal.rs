//! Why something is not done, in a sentence that says what to do instead.

use anteroom_domain::consultation::{InvalidTransition, State, Step};
use anteroom_domain::refusal::{
    AccountRefusal, ClashTimes, ConsultationRefusal, Difference, EntryRefusal, Fixed, ForeignMeeting, GuestRefusal,
    OrganisationRefusal, RegistrationClosed, ReportRefusal, TeamsOff, VisitRefusal,
};
use anteroom_domain::teams::link::LinkError;
use anteroom_domain::time::Zone;
use anteroom_domain::view::Unusual;
use anteroom_i18n::{Lang, text};
use jiff::Timestamp;

use super::Sentence;
use super::hours_text;

impl Sentence for ConsultationRefusal {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::InvalidTransition(refused) => return refused.sentence(lang),
            Self::Over => text!(lang, staff::refusal::invitations_over),
            Self::TimePassed => text!(lang, staff::refusal::time_passed),
            Self::LengthPassed => text!(lang, staff::refusal::length_passed),
            Self::Fixed { why: Fixed::Live, .. } => text!(lang, staff::refusal::fixed_live),
            Self::Fixed { why: Fixed::Over, .. } => text!(lang, staff::refusal::fixed_over),
            Self::Fixed {
                why: Fixed::Occupied, ..
            } => text!(lang, staff::refusal::fixed_occupied),
            Self::UnknownService => text!(lang, staff::refusal::unknown_service),
            Self::ServiceOfOtherBranch => text!(lang, staff::refusal::service_of_another_branch),
            Self::HostOfOtherBranch => text!(lang, staff::refusal::host_of_another_branch),
            Self::HostBusy { host, clash, free } => return busy(lang, host, clash.as_ref(), !free.is_empty()),
            Self::Stale { by, stored, .. } => {
                let stored = stored_now(lang, stored);
                return match by {
                    Some(who) => text!(lang, staff::refusal::stale { who, stored }),
                    None => text!(lang, staff::refusal::stale_by_guest { stored }),
                };
            }
            Self::TeamsOff(why) => return why.sentence(lang),
            Self::WebinarsOff => text!(lang, staff::refusal::webinars_off),
            Self::MeetingMissing {
                host_unknown_in_entra: None,
            } => return LinkError::Empty.sentence(lang),
            Self::MeetingMissing {
                host_unknown_in_entra: Some(host),
            } => return text!(lang, staff::refusal::host_unknown_in_entra { host }),
            Self::ForeignMeeting(foreign) => return foreign.sentence(lang),
        };
        sentence.to_owned()
    }
}

impl Sentence for InvalidTransition {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match (self.step, self.from) {
            (Step::Open, State::Ended) => text!(lang, staff::refusal::open_ended),
            (Step::Open, State::Cancelled { .. }) => text!(lang, staff::refusal::open_cancelled),
            (Step::Open, State::Missed { .. }) => text!(lang, staff::refusal::open_missed),
            (Step::Cancel, State::Live) => text!(lang, staff::refusal::cancel_live),
            (Step::Cancel, State::Ended) => text!(lang, staff::refusal::cancel_ended),
            (Step::Cancel, State::Cancelled { .. }) => text!(lang, staff::refusal::cancel_cancelled),
            (Step::Cancel, State::Missed { .. }) => text!(lang, staff::refusal::cancel_missed),
            (Step::Change, State::Live) => text!(lang, staff::refusal::change_live),
            (Step::Change, State::Ended) => text!(lang, staff::refusal::change_ended),
            (Step::Change, State::Cancelled { .. }) => text!(lang, staff::refusal::change_cancelled),
            (Step::Change, State::Missed { .. }) => text!(lang, staff::refusal::change_missed),
            // The rest is what nobody asks for: it follows from who is in, or from the time.
            (Step::Open | Step::Cancel | Step::Change, State::Scheduled | State::Open | State::Live)
            | (Step::GoLive | Step::End | Step::Miss, _) => text!(lang, staff::refusal::moved_on),
        };
        sentence.to_owned()
    }
}

fn clock(lang: Lang, at: Timestamp, zone: &Zone) -> String {
    lang.clock(zone.at(at).time())
}

/// `offers`: times that would do stand below.
fn busy(lang: Lang, host: &str, clash: Option<&ClashTimes>, offers: bool) -> String {
    // Gone again since.
    let Some(clash) = clash else {
        return match (host, offers) {
            ("", _) => text!(lang, staff::refusal::some_host_was_busy).to_owned(),
            (host, true) => text!(lang, staff::refusal::host_was_busy_offers { host }),
            (host, false) => text!(lang, staff::refusal::host_was_busy { host }),
        };
    };
    let guest = &clash.guest;
    let [from, to, free] = [clash.starts_at, clash.ends_at, clash.free_at].map(|at| clock(lang, at, &clash.zone));
    match (clash.free_at == clash.ends_at, offers) {
        (true, true) => text!(lang, staff::refusal::host_busy_offers { host, guest, from, to }),
        (true, false) => text!(lang, staff::refusal::host_busy { host, guest, from, to }),
        (false, true) => text!(
            lang,
            staff::refusal::host_busy_until_offers {
                host,
                guest,
                from,
                to,
                free
            }
        ),
        (false, false) => text!(
            lang,
            staff::refusal::host_busy_until {
                host,
                guest,
                from,
                to,
                free
            }
        ),
    }
}

/// All of them, one after the other.
fn stored_now(lang: Lang, stored: &[Difference]) -> String {
    stored
        .iter()
        .map(|different| different.sentence(lang))
        .reduce(|first, second| text!(lang, staff::refusal::stored_both { first, second }))
        .unwrap_or_default()
}

impl Sentence for Difference {
    fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Start(at, zone) => {
                let (date, time) = (zone.at(*at).date().to_string(), clock(lang, *at, zone));
                text!(
                    lang,
                    staff::refusal::stored_start {
                        date,
                        time,
                        zone: zone.to_string()
                    }
                )
            }
            Self::Length(minutes) => text!(lang, staff::refusal::stored_length { count: minutes }),
            Self::Service(name) => text!(lang, staff::refusal::stored_service { name }),
            Self::Host(name) => text!(lang, staff::refusal::stored_host { name }),
            Self::Place => text!(lang, staff::refusal::stored_place).to_owned(),
            Self::Guest { name, reach } => text!(lang, staff::refusal::stored_guest { name, reach }),
            Self::Notes(notes) if notes.is_empty() => text!(lang, staff::refusal::stored_no_notes).to_owned(),
            Self::Notes(notes) => text!(
                lang,
                staff::refusal::stored_notes {
                    notes: shortened(notes)
                }
            ),
        }
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 120;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

impl Sentence for TeamsOff {
    fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::NotSetUp => text!(lang, staff::refusal::teams_not_set_up).to_owned(),
            Self::Settings { why } => text!(lang, staff::refusal::teams_off { why }),
            Self::NotBuilt { why } => text!(lang, staff::refusal::teams_not_built { why }),
        }
    }
}

impl Sentence for ForeignMeeting {
    fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Tenant(tenant) => text!(lang, staff::refusal::foreign_tenant { tenant }),
            Self::Unknown => text!(lang, staff::refusal::foreign_unknown).to_owned(),
        }
    }
}

impl Sentence for GuestRefusal {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::NoContact => text!(lang, staff::refusal::no_contact),
            Self::TooMany { most } => return text!(lang, staff::refusal::guests_limit { count: most }),
            Self::LastExpected => text!(lang, staff::refusal::last_expected),
            Self::Over => text!(lang, staff::refusal::guest_of_over),
            Self::CantDecline => text!(lang, guest::refusal::cant_decline),
            Self::InMeeting => text!(lang, guest::refusal::in_meeting),
            Self::NotHeldYet => text!(lang, guest::refusal::not_held_yet),
            Self::KeptOut => text!(lang, guest::refusal::kept_out),
            Self::AddressTaken => text!(lang, guest::refusal::address_registered),
            Self::RegistrationClosed(closed) => return closed.sentence(lang),
        };
        sentence.to_owned()
    }
}

impl Sentence for RegistrationClosed {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::Over => text!(lang, guest::refusal::registration_over),
            Self::Full => text!(lang, guest::refusal::registration_full),
        };
        sentence.to_owned()
    }
}

impl Sentence for VisitRefusal {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::NotWaiting => text!(lang, guest::refusal::not_waiting),
            Self::Colleague => text!(lang, guest::refusal::colleague_stays),
            Self::EmptyMessage => text!(lang, guest::refusal::empty_message),
        };
        sentence.to_owned()
    }
}

impl Sentence for EntryRefusal {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::NotNow => text!(lang, guest::refusal::entry_not_now),
            Self::NotReady => text!(lang, guest::refusal::entry_not_ready),
            Self::NotIn => text!(lang, guest::refusal::entry_not_in),
            Self::NotHere => text!(lang, guest::refusal::entry_not_here),
            Self::TooOften => text!(lang, guest::refusal::entry_too_often),
            Self::Crowded => text!(lang, guest::refusal::entry_crowded),
            Self::Unreachable => text!(lang, guest::refusal::entry_unreachable),
            Self::OtherCloud => text!(lang, guest::refusal::entry_other_cloud),
        };
        sentence.to_owned()
    }
}

impl Sentence for AccountRefusal {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::AddressTaken => text!(lang, admin::refusal::email_taken),
            Self::BranchMissing => text!(lang, admin::refusal::branch_missing),
            Self::PasswordGuessable => text!(lang, staff::refusal::password_guessable),
            Self::Password(wrong) => return wrong.sentence(lang),
            Self::WrongPassword => text!(lang, staff::refusal::wrong_password),
            Self::SamePassword => text!(lang, staff::refusal::same_password),
            Self::OwnPassword => text!(lang, admin::refusal::own_password),
            Self::OwnAccess => text!(lang, admin::refusal::own_access),
            Self::LastAdmin => text!(lang, admin::refusal::last_admin),
            Self::SetUpAlready => text!(lang, staff::refusal::set_up_already),
        };
        sentence.to_owned()
    }
}

impl Sentence for OrganisationRefusal {
    fn sentence(&self, lang: Lang) -> String {
        let sentence = match self {
            Self::NameTaken => text!(lang, admin::refusal::name_taken),
            Self::UnknownBranch => text!(lang, admin::refusal::unknown_branch),
            Self::ServiceStays => text!(lang, admin::refusal::service_stays),
            Self::TooManyTenants { most } => return text!(lang, admin::refusal::tenants_limit { count: most }),
        };
        sentence.to_owned()
    }
}

impl Sentence for ReportRefusal {
    fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Backwards => text!(lang, admin::refusal::range_backwards).to_owned(),
            Self::TooLong { days } => text!(lang, admin::refusal::range_too_long { count: days }),
            Self::OutOfRange => text!(lang, admin::refusal::range_impossible).to_owned(),
            Self::TooManyRows { total } => text!(lang, admin::refusal::rows_limit { count: total }),
        }
    }
}

impl Sentence for Unusual {
    fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Saturday => text!(lang, staff::refusal::saturday).to_owned(),
            Self::Sunday => text!(lang, staff::refusal::sunday).to_owned(),
            Self::OutsideHours(hours) => text!(
                lang,
                staff::refusal::outside_hours {
                    hours: hours_text(lang, *hours)
                }
            ),
            Self::Night { guest, time } => {
                text!(
                    lang,
                    staff::refusal::night {
                        guest,
                        time: lang.clock(*time)
                    }
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use anteroom_domain::consultation::CancelledBy;
    use anteroom_domain::id::EventId;

    use super::*;
    use crate::language::lang;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_host_is_busy_until_they_are_free_and_the_form_offers_other_times() {
        let busy = |free_at: &str, free: Vec<Timestamp>| ConsultationRefusal::HostBusy {
            host: "Anna".into(),
            clash: Some(ClashTimes {
                guest: "Ben".into(),
                starts_at: at("2027-03-01T09:00:00Z"),
                ends_at: at("2027-03-01T09:30:00Z"),
                free_at: at(free_at),
                zone: "Europe/Berlin".parse().unwrap(),
            }),
            free,
        };
        assert_eq!(
            busy("2027-03-01T09:30:00Z", Vec::new()).sentence(lang()),
            "Anna has Ben from 10:00 to 10:30. Choose another time."
        );
        assert_eq!(
            busy("2027-03-01T09:45:00Z", vec![at("2027-03-01T09:45:00Z")]).sentence(lang()),
            "Anna has Ben from 10:00 to 10:30, and is free again at 10:45. Choose another time, such as one of these."
        );
        let gone = ConsultationRefusal::HostBusy {
            host: String::new(),
            clash: None,
            free: Vec::new(),
        };
        assert_eq!(
            gone.sentence(lang()),
            "The host was not free at that time a moment ago. Try again, or choose another time."
        );
    }

    #[test]
    fn what_is_stored_meanwhile_is_told_all_of_it() {
        let stale = ConsultationRefusal::Stale {
            by: None,
            stored: vec![
                Difference::Start(at("2027-03-01T09:00:00Z"), "Europe/Berlin".parse().unwrap()),
                Difference::Length(1),
                Difference::Notes(String::new()),
            ],
            version: EventId(7),
        };
        assert_eq!(
            stale.sentence(lang()),
            "The guest changed this consultation after you opened it. Stored now is: \
            start 2027-03-01 at 10:00 (Europe/Berlin); length 1 minute; no notes. What you typed stands below: \
            save it again to put it in place of that, or leave this page to keep what is stored."
        );
    }

    #[test]
    fn a_consultation_that_is_over_is_neither_cancelled_nor_changed() {
        let by = CancelledBy::Staff;
        let cancelled = State::Cancelled { by };
        let refused = |refused: InvalidTransition| refused.sentence(lang());
        assert_eq!(
            refused(State::Live.cancel(by).unwrap_err()),
            "This consultation is live and can’t be cancelled any more. Reload the page to see where it stands."
        );
        assert_eq!(
            refused(cancelled.change().unwrap_err()),
            "This consultation is cancelled and can’t be changed any more. Reload the page to see where it stands."
        );
        for over in [State::Ended, cancelled] {
            assert_ne!(
                refused(over.cancel(by).unwrap_err()),
                refused(over.arrive().unwrap_err())
            );
        }
    }
}
