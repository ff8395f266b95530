//! Which consultations there are. Days before and after today have theirs in opening hours; today's are laid around now,
//! whatever time it is, so that there is always one to walk into.

use jiff::civil::{Date, Time, Weekday, time};
use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom as _, SliceRandom as _};

use anteroom_domain::time::{Zone, instant_of};

use super::people::{BRANCHES, Branch, GUEST_REASONS, Guest, HOURS, NOTES, OUTCOMES, STAFF_REASONS, Service};

/// How far back the history goes, and how far ahead the diary is filled.
pub const DAYS_BACK: i64 = 30;
const DAYS_AHEAD: i64 = 9;
/// The longest time between making an appointment and having it; a weekend in between adds two days.
pub const DAYS_OF_NOTICE: i64 = 8;

#[derive(Clone, Debug)]
pub struct Booking {
    /// Among the branches; service and clerk among those of the branch.
    pub branch: usize,
    pub service: usize,
    pub clerk: usize,
    pub place: &'static Branch,
    pub what: &'static Service,
    pub guest: &'static Guest,
    pub starts_at: Timestamp,
    pub made_at: Timestamp,
    /// Where it was at first, and when it was moved.
    pub moved: Option<(Timestamp, Timestamp)>,
    pub notes: &'static str,
    pub course: Course,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    Upcoming,
    Kept {
        rating: Option<u8>,
        outcome: Option<&'static str>,
    },
    CancelledByGuest {
        reason: &'static str,
    },
    CancelledByStaff {
        reason: &'static str,
    },
    MissedByGuest,
    MissedByHost,
    Technical,
}

/// What became of 25 consultations: about what branches report, with every kind among them.
const FATES: [(usize, CourseKind); 6] = [
    (17, CourseKind::Kept),
    (2, CourseKind::CancelledByGuest),
    (1, CourseKind::CancelledByStaff),
    (3, CourseKind::MissedByGuest),
    (1, CourseKind::MissedByHost),
    (1, CourseKind::Technical),
];

#[derive(Clone, Copy, Debug)]
enum CourseKind {
    Upcoming,
    Kept,
    CancelledByGuest,
    CancelledByStaff,
    MissedByGuest,
    MissedByHost,
    Technical,
}

/// Draws without replacement and then starts over: even short histories have some of everything.
struct Deck<T> {
    all: Vec<T>,
    left: Vec<T>,
}

impl<T: Clone> Deck<T> {
    fn new(all: Vec<T>) -> Self {
        Self { all, left: Vec::new() }
    }

    fn draw(&mut self, rng: &mut StdRng) -> Option<T> {
        if self.left.is_empty() {
            self.left.clone_from(&self.all);
            self.left.shuffle(rng);
        }
        self.left.pop()
    }
}

/// Minutes from the next consultation, the service, and what became of it.
type Around = (i64, usize, CourseKind);

pub struct Diary<'a> {
    now: Timestamp,
    rng: &'a mut StdRng,
    past: Deck<CourseKind>,
    ahead: Deck<CourseKind>,
    per_day: Deck<usize>,
    guests: Vec<Deck<&'static Guest>>,
    bookings: Vec<Booking>,
}

impl<'a> Diary<'a> {
    pub fn new(now: Timestamp, rng: &'a mut StdRng) -> Self {
        let past = FATES.iter().flat_map(|(count, kind)| vec![*kind; *count]).collect();
        let mut ahead = vec![CourseKind::Upcoming; 10];
        ahead.push(CourseKind::CancelledByGuest);
        Self {
            now,
            rng,
            past: Deck::new(past),
            ahead: Deck::new(ahead),
            per_day: Deck::new(vec![1, 1, 0, 2, 1, 0, 1]),
            guests: BRANCHES
                .iter()
                .map(|branch| Deck::new(branch.guests.iter().collect()))
                .collect(),
            bookings: Vec::new(),
        }
    }

    pub fn fill(mut self) -> Vec<Booking> {
        for (at, branch) in BRANCHES.iter().enumerate() {
            let Ok(zone) = branch.zone.parse::<Zone>() else {
                continue;
            };
            let today = zone.at(self.now).date();
            for clerk in 0..branch.clerks.len() {
                for offset in (-DAYS_BACK..=DAYS_AHEAD).filter(|offset| *offset != 0) {
                    let Ok(date) = today.checked_add(SignedDuration::from_hours(24 * offset)) else {
                        continue;
                    };
                    self.day(at, clerk, date, &zone);
                }
            }
        }
        self.today();
        self.bookings
    }

    /// A working day of a clerk: none, one or two consultations, each within a stretch of its own.
    fn day(&mut self, branch: usize, clerk: usize, date: Date, zone: &Zone) {
        if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return;
        }
        // 80 minutes hold the longest service with its buffers.
        let mut starts = vec![
            time(9, 0, 0, 0),
            time(10, 30, 0, 0),
            time(13, 0, 0, 0),
            time(14, 30, 0, 0),
            time(15, 50, 0, 0),
        ];
        starts.shuffle(self.rng);
        let count = self.per_day.draw(self.rng).unwrap_or(1);
        for (n, start) in starts.into_iter().take(count).enumerate() {
            let Ok(starts_at) = instant_of(date, start, zone) else {
                continue;
            };
            let service = self.rng.random_range(0..3);
            let kind = if starts_at < self.now {
                self.past.draw(self.rng)
            } else {
                self.ahead.draw(self.rng)
            };
            let Some(mut booking) = self.booking(branch, clerk, service, starts_at, kind) else {
                continue;
            };
            // One in eight was first agreed for after hours of that day, where nothing else is.
            if n == 0 && self.rng.random_bool(0.125) {
                booking.moved = self.moved(&booking, date, time(17, 30, 0, 0), zone);
            }
            self.bookings.push(booking);
        }
    }

    fn moved(&mut self, booking: &Booking, date: Date, at: Time, zone: &Zone) -> Option<(Timestamp, Timestamp)> {
        let first = instant_of(date, at, zone).ok()?;
        let moved_at = booking.made_at + SignedDuration::from_mins(self.rng.random_range(20..360));
        (moved_at < self.now && moved_at < booking.starts_at).then_some((first, moved_at))
    }

    /// Between those of one clerk lie at least the
    /// length of the earlier and both buffers; what is over was over before now.
    fn today(&mut self) {
        use CourseKind::{CancelledByGuest, Kept, MissedByGuest, Technical, Upcoming};
        let around: [(usize, usize, &[Around]); 5] = [
            (
                0,
                0,
                &[
                    (-235, 0, Kept),
                    (-110, 2, Kept),
                    (0, 1, Upcoming),
                    (75, 0, Upcoming),
                    (170, 2, Upcoming),
                ],
            ),
            (
                0,
                1,
                &[
                    (-190, 2, Kept),
                    (-85, 1, MissedByGuest),
                    (30, 0, Upcoming),
                    (125, 1, Upcoming),
                ],
            ),
            (0, 2, &[(-150, 1, Kept), (60, 2, Upcoming), (205, 0, Upcoming)]),
            (
                1,
                0,
                &[
                    (-215, 1, Kept),
                    (-100, 1, Technical),
                    (10, 2, Upcoming),
                    (95, 0, Upcoming),
                ],
            ),
            (
                1,
                1,
                &[(-130, 0, CancelledByGuest), (45, 1, Upcoming), (150, 2, Upcoming)],
            ),
        ];
        let next = next_start(self.now);
        for (branch, clerk, day) in around {
            for (minutes, service, kind) in day {
                let starts_at = next + SignedDuration::from_mins(*minutes);
                let booking = self.booking(branch, clerk, *service, starts_at, Some(*kind));
                // Early in the morning nothing has been yet.
                let has_been = |booking: &Booking| *minutes >= 0 || is_in_hours(booking.place, starts_at);
                self.bookings.extend(booking.filter(has_been));
            }
        }
    }

    fn booking(
        &mut self,
        branch: usize,
        clerk: usize,
        service: usize,
        starts_at: Timestamp,
        kind: Option<CourseKind>,
    ) -> Option<Booking> {
        let place = BRANCHES.get(branch)?;
        let what = place.services.get(service)?;
        let guest = self.guests.get_mut(branch)?.draw(self.rng)?;
        let notice = SignedDuration::from_hours(24 * self.rng.random_range(1..=DAYS_OF_NOTICE));
        let mut made_at = starts_at.min(self.now) - notice - SignedDuration::from_mins(self.rng.random_range(0..300));
        let zone: Zone = place.zone.parse().ok()?;
        if matches!(zone.at(made_at).weekday(), Weekday::Saturday | Weekday::Sunday) {
            made_at -= SignedDuration::from_hours(48);
        }
        let notes = NOTES.choose(self.rng).copied().unwrap_or_default();
        let course = self.course(kind?);
        Some(Booking {
            branch,
            service,
            clerk,
            place,
            what,
            guest,
            starts_at,
            made_at,
            moved: None,
            notes,
            course,
        })
    }

    fn course(&mut self, kind: CourseKind) -> Course {
        let rng = &mut *self.rng;
        match kind {
            CourseKind::Upcoming => Course::Upcoming,
            CourseKind::Kept => Course::Kept {
                rating: if rng.random_bool(0.6) {
                    [5, 5, 5, 4, 4, 3, 2].choose(rng).copied()
                } else {
                    None
                },
                outcome: if rng.random_bool(0.5) {
                    OUTCOMES.choose(rng).copied()
                } else {
                    None
                },
            },
            CourseKind::CancelledByGuest => Course::CancelledByGuest {
                reason: GUEST_REASONS.choose(rng).copied().unwrap_or_default(),
            },
            CourseKind::CancelledByStaff => Course::CancelledByStaff {
                reason: STAFF_REASONS.choose(rng).copied().unwrap_or_default(),
            },
            CourseKind::MissedByGuest => Course::MissedByGuest,
            CourseKind::MissedByHost => Course::MissedByHost,
            CourseKind::Technical => Course::Technical,
        }
    }
}

impl Booking {
    pub fn length(&self) -> SignedDuration {
        SignedDuration::from_mins(self.what.minutes)
    }
}

/// In a few minutes, at a time that one would agree on.
fn next_start(now: Timestamp) -> Timestamp {
    const STEP: i64 = 5 * 60;
    /// Long enough to sign in and to open the guest's link first; the doors are open already.
    const FEW: i64 = 4 * 60;
    let second = (now.as_second() + FEW + STEP - 1).div_euclid(STEP) * STEP;
    Timestamp::from_second(second).unwrap_or(now)
}

fn is_in_hours(branch: &Branch, at: Timestamp) -> bool {
    let zone: Zone = branch.zone.parse().unwrap_or_else(|_| Zone::utc());
    let local = zone.at(at);
    (HOURS.opens..HOURS.closes).contains(&(i16::from(local.hour()) * 60 + i16::from(local.minute())))
}
