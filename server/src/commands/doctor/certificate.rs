//! How long the certificate of the public address is good. That it is accepted at all showed when it was asked.

use anteroom_http::Validity;
use jiff::{SignedDuration, Timestamp};

use super::finding::Finding;

const WHAT: &str = "certificate";
/// Whatever renews certificates has had several tries by then. Those that live for days are renewed later.
const LATE: SignedDuration = SignedDuration::from_hours(14 * 24);

pub fn judge(validity: Validity, now: Timestamp) -> Finding {
    let left = validity.until.duration_since(now);
    let lifetime = validity.until.duration_since(validity.from);
    if left <= SignedDuration::ZERO {
        return Finding::bad(WHAT, "has expired. Renew it: browsers refuse it.");
    }
    if now < validity.from {
        return Finding::bad(
            WHAT,
            "is not good yet. Check the clock of this machine, and who issued it.",
        );
    }
    let left_for = shown(left);
    if left < LATE.min(lifetime / 5) {
        Finding::warning(
            WHAT,
            format!("expires in {left_for}. Renew it; if that should happen by itself, look why it does not."),
        )
    } else {
        Finding::good(WHAT, format!("is accepted, and good for {left_for}."))
    }
}

fn shown(left: SignedDuration) -> String {
    match left.as_hours() {
        0..48 => format!("{} hours", left.as_hours()),
        hours => format!("{} days", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Grade;
    use super::*;

    fn found(days: i64, left: SignedDuration) -> Finding {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let until = now + left;
        let from = until - SignedDuration::from_hours(24 * days);
        judge(Validity { from, until }, now)
    }

    #[test]
    fn a_certificate_is_renewed_before_it_expires() {
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        assert_eq!(
            found(90, days(30)).to_string(),
            "ok      certificate: is accepted, and good for 30 days."
        );
        let late = found(90, days(13));
        assert!(
            late.grade == Grade::Warning && late.sentence.contains("in 13 days"),
            "{late}"
        );
        assert_eq!(found(90, SignedDuration::from_secs(-1)).grade, Grade::Bad);
        assert_eq!(found(90, days(91)).grade, Grade::Bad);
        // One that lives for six days is renewed every few days.
        assert_eq!(found(6, days(3)).grade, Grade::Good);
        let late = found(6, days(1));
        assert!(
            late.grade == Grade::Warning && late.sentence.contains("24 hours"),
            "{late}"
        );
    }
}
