//! What is unusual about a time. It may be meant: nothing is refused, and who has scheduled it reads it on the page.

use anteroom_domain::consultation::Consultation;
use anteroom_domain::guest::Guest;
use anteroom_domain::organisation::Branch;
use anteroom_domain::view::Unusual;
use jiff::civil::Weekday;

/// Whom nobody calls at that hour without asking.
const NIGHT_ENDS: i8 = 7;
const NIGHT_BEGINS: i8 = 22;

/// For staff, while it is still to come.
pub fn unusual(consultation: &Consultation, branch: &Branch, guests: &[Guest]) -> Vec<Unusual> {
    if consultation.state.is_final() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let start = branch.zone.at(consultation.starts_at);
    let length = consultation.ends_at.duration_since(consultation.starts_at);
    match start.weekday() {
        Weekday::Saturday => found.push(Unusual::Saturday),
        Weekday::Sunday => found.push(Unusual::Sunday),
        _ if branch.hours.hold(&start, length) => {}
        _ => found.push(Unusual::OutsideHours(branch.hours)),
    }
    for guest in guests.iter().filter(|guest| guest.is_expected()) {
        let theirs = guest.zone.at(consultation.starts_at);
        let is_night = !(NIGHT_ENDS..NIGHT_BEGINS).contains(&theirs.hour());
        if is_night && guest.zone != branch.zone {
            found.push(Unusual::Night {
                guest: guest.name.clone(),
                time: theirs.time(),
            });
        }
    }
    found
}
