//! What people did in a consultation, step by step.

use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use rand::rngs::StdRng;

use super::booking::{Booking, Course};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Schedule,
    Reschedule,
    CancelAsGuest {
        reason: &'static str,
    },
    CancelAsStaff {
        reason: &'static str,
    },
    GuestArrives,
    HostEnters,
    Admit,
    HostMedia,
    GuestMedia,
    GuestLeaves,
    HostLeaves,
    End,
    Rate {
        stars: u8,
    },
    NoteOutcome {
        text: &'static str,
    },
    /// Time passes: what nobody came to is missed.
    Sweep,
}

pub fn script(booking: &Booking, rng: &mut StdRng) -> Vec<(Timestamp, Step)> {
    let start = booking.starts_at;
    let end = start + booking.length();
    let mut steps = Script {
        steps: vec![(booking.made_at, Step::Schedule)],
        rng,
    };
    if let Some((_, moved_at)) = booking.moved {
        steps.at(moved_at, Step::Reschedule);
    }
    match booking.course {
        Course::Upcoming => {}
        Course::CancelledByGuest { reason } => {
            let at = steps.between(booking.moved.map_or(booking.made_at, |(_, at)| at), start);
            steps.at(at, Step::CancelAsGuest { reason });
        }
        Course::CancelledByStaff { reason } => {
            let at = steps.between(booking.moved.map_or(booking.made_at, |(_, at)| at), start);
            steps.at(at, Step::CancelAsStaff { reason });
        }
        Course::MissedByGuest => {
            steps.at(start, Step::HostEnters);
            steps.after(start, 1..4, Step::HostMedia);
            steps.after(start, 600..1000, Step::HostLeaves);
            steps.at(missed(end), Step::Sweep);
        }
        Course::MissedByHost => {
            steps.at(start - SignedDuration::from_secs(90), Step::GuestArrives);
            steps.after(start, 700..1100, Step::GuestLeaves);
            steps.at(missed(end), Step::Sweep);
        }
        Course::Technical => {
            let both = steps.meet(start);
            steps.after(both, 180..500, Step::GuestLeaves);
            steps.after(both, 520..800, Step::HostLeaves);
            steps.at(missed(end), Step::Sweep);
        }
        Course::Kept { rating, outcome } => steps.kept(start, booking.length(), rating, outcome),
    }
    steps.steps
}

/// Past the moment at which a consultation that did not take place counts as missed.
fn missed(end: Timestamp) -> Timestamp {
    end + SignedDuration::from_mins(anteroom_domain::consultation::MISSED_AFTER_MINUTES) + SignedDuration::from_secs(1)
}

struct Script<'a> {
    steps: Vec<(Timestamp, Step)>,
    rng: &'a mut StdRng,
}

impl Script<'_> {
    fn at(&mut self, at: Timestamp, step: Step) {
        self.steps.push((at, step));
    }

    fn seconds(&mut self, range: std::ops::Range<i64>) -> SignedDuration {
        SignedDuration::from_secs(self.rng.random_range(range))
    }

    fn after(&mut self, at: Timestamp, seconds: std::ops::Range<i64>, step: Step) -> Timestamp {
        let at = at + self.seconds(seconds);
        self.at(at, step);
        at
    }

    fn between(&mut self, from: Timestamp, until: Timestamp) -> Timestamp {
        let seconds = until.duration_since(from).as_secs().max(2);
        from + self.seconds(1..seconds)
    }

    /// Both come, and the guest is let in; answers with when that was. Most are early; one in four guests is not.
    fn meet(&mut self, start: Timestamp) -> Timestamp {
        let late = self.rng.random_bool(0.25);
        let guest = start
            + if late {
                self.seconds(30..360)
            } else {
                self.seconds(-480..0)
            };
        let host = start + self.seconds(-200..240);
        self.at(guest, Step::GuestArrives);
        self.at(host, Step::HostEnters);
        self.after(host, 1..4, Step::HostMedia);
        self.after(guest.max(host), 6..75, Step::Admit)
    }

    fn kept(&mut self, start: Timestamp, length: SignedDuration, rating: Option<u8>, outcome: Option<&'static str>) {
        let admitted = self.meet(start);
        // After the host's media at the latest, which is at most three seconds behind their entering.
        self.after(admitted, 2..6, Step::GuestMedia);
        let share = self.rng.random_range(60..106);
        let over = (start + length * share / 100).max(admitted + SignedDuration::from_mins(8));
        if self.rng.random_bool(0.4) {
            self.at(over - SignedDuration::from_secs(5), Step::GuestLeaves);
        }
        self.at(over, Step::End);
        if let Some(stars) = rating {
            self.after(over, 15..240, Step::Rate { stars });
        }
        if let Some(text) = outcome {
            self.after(over, 60..900, Step::NoteOutcome { text });
        }
    }
}
