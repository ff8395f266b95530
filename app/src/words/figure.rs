//! The figures of the dashboard in words: what each is called, and exactly what it counts. The numbers in the definitions are
//! the constants of the rules.

use anteroom_domain::consultation::{
    DESERTED_MINUTES, EMPTY_MINUTES, GRACE_MINUTES, MISSED_AFTER_MINUTES, MISSED_PATIENCE_MINUTES,
};
use anteroom_domain::figures::{Counts, Outcome};

/// The outcome's name on the dashboard.
pub fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pending => t!(admin::figure::pending),
        Outcome::Kept => t!(admin::figure::kept),
        Outcome::CancelledByGuest => t!(admin::figure::cancelled_by_guest),
        Outcome::CancelledByStaff => t!(admin::figure::cancelled_by_staff),
        Outcome::MissedByGuest => t!(admin::figure::missed_by_guest),
        Outcome::MissedByHost => t!(admin::figure::missed_by_host),
        Outcome::MissedTechnical => t!(admin::figure::missed_technical),
    }
}

/// What the outcome is.
pub fn outcome_definition(outcome: Outcome) -> String {
    let (after, patience, grace) = (MISSED_AFTER_MINUTES, MISSED_PATIENCE_MINUTES, GRACE_MINUTES);
    match outcome {
        Outcome::Pending => t!(admin::figure::pending_is).to_owned(),
        Outcome::Kept => t!(admin::figure::kept_is).to_owned(),
        Outcome::CancelledByGuest => t!(admin::figure::cancelled_by_guest_is).to_owned(),
        Outcome::CancelledByStaff => t!(admin::figure::cancelled_by_staff_is).to_owned(),
        Outcome::MissedByGuest => t!(admin::figure::missed_by_guest_is { after, patience, grace }),
        Outcome::MissedByHost => t!(admin::figure::missed_by_host_is { after, patience, grace }),
        Outcome::MissedTechnical => t!(admin::figure::missed_technical_is { after, patience, grace }),
    }
}

/// What the outcome is, and what its percentage is a share of.
pub fn share_definition(outcome: Outcome) -> String {
    let share = if is_of_due(outcome) {
        t!(admin::figure::share_is_of_due)
    } else {
        t!(admin::figure::share_is_of_scheduled)
    };
    t!(admin::figure::definition_and_share {
        definition: outcome_definition(outcome),
        share,
    })
}

/// `61 % of 23 due`. Nothing where there is nothing to be a share of.
pub fn share_text(outcome: Outcome, counts: &Counts) -> String {
    let (part, is_of_due) = (counts.of(outcome), is_of_due(outcome));
    let all = if is_of_due { counts.due() } else { counts.scheduled() };
    match percentage(part, all) {
        None => String::new(),
        Some(share) if is_of_due => t!(admin::figure::share_of_due { share, all }),
        Some(share) => t!(admin::figure::share_of_scheduled { share, all }),
    }
}

/// What is pending, or was cancelled in time, could be neither kept nor missed.
fn is_of_due(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Kept | Outcome::MissedByGuest | Outcome::MissedByHost | Outcome::MissedTechnical => true,
        Outcome::Pending | Outcome::CancelledByGuest | Outcome::CancelledByStaff => false,
    }
}

/// A part of all, in whole per cent. A part that is there is never nothing, and one that lacks something never all.
fn percentage(part: i64, all: i64) -> Option<String> {
    if all <= 0 {
        return None;
    }
    Some(match (part * 200 + all) / (2 * all) {
        0 if 0 < part => t!(admin::figure::under_one_percent).to_owned(),
        100 if part < all => t!(admin::figure::over_99_percent).to_owned(),
        percent => t!(admin::figure::percent { percent }),
    })
}

/// What is counted as a length.
pub fn length_definition() -> String {
    t!(admin::figure::length_is {
        deserted: DESERTED_MINUTES,
        empty: EMPTY_MINUTES,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_but_never_to_nothing_or_all() {
        let share = |part, all| percentage(part, all).unwrap_or_default();
        assert_eq!(share(0, 0), "");
        assert_eq!(share(0, 9), "0%");
        assert_eq!(share(1, 3), "33%");
        assert_eq!(share(2, 3), "67%");
        assert_eq!(share(1, 1_000), "under 1%");
        assert_eq!(share(999, 1_000), "over 99%");
        assert_eq!(share(4, 4), "100%");
    }

    #[test]
    fn what_is_pending_or_was_cancelled_in_time_lowers_no_share_of_the_kept() {
        let counts = Counts {
            pending: 10,
            kept: 6,
            cancelled_by_guest: 2,
            cancelled_by_staff: 2,
            missed_by_host: 2,
            cancelled_late: 2,
            ..Counts::default()
        };
        assert_eq!(share_text(Outcome::Kept, &counts), "60% of 10 due");
        assert_eq!(share_text(Outcome::MissedByHost, &counts), "20% of 10 due");
        assert_eq!(share_text(Outcome::CancelledByGuest, &counts), "9% of 22 scheduled");
        let morning = Counts {
            pending: 4,
            ..Counts::default()
        };
        assert_eq!(share_text(Outcome::Kept, &morning), "");
    }
}
