//! Which tiles the call screen shows, and how large: computed from the room, never from the order in which media came.

use anteroom_domain::id::VisitId;
use anteroom_domain::visit::AdmissionStatus;
use anteroom_protocol::media::Source;
use anteroom_protocol::seat::Person;

/// One tile: a person, or a shared screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    pub visit: VisitId,
    /// `Camera` is the person's tile, with or without a picture.
    pub source: Source,
}

/// The tiles of the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The screen that somebody else shares, which takes the stage.
    pub stage: Option<TileId>,
    /// The others, in a stable order.
    pub others: Vec<TileId>,
    /// Ourselves, small.
    pub own: Option<TileId>,
}

/// Everyone who is in has a tile, so that nobody listens unseen; a viewer of a launch has none, as there may be hundreds
/// of them (they are in the list of people). A shared screen takes the stage; of several, the latest visit's. One's own has
/// no tile: who shares it has it before them, and looks at the others.
pub fn layout(people: &[Person], me: VisitId) -> Layout {
    use anteroom_domain::visit::Role;
    let inside = || {
        people
            .iter()
            .filter(|person| person.status == AdmissionStatus::Admitted && person.role != Role::Attendee)
    };
    let stage = inside()
        .filter(|person| person.visit != me && person.screen)
        .map(|person| TileId {
            visit: person.visit,
            source: Source::Screen,
        })
        .max();
    let mut others: Vec<_> = inside()
        .filter(|person| person.visit != me)
        .map(|person| TileId {
            visit: person.visit,
            source: Source::Camera,
        })
        .collect();
    others.sort_unstable();
    let own = inside().any(|person| person.visit == me).then_some(TileId {
        visit: me,
        source: Source::Camera,
    });
    Layout { stage, others, own }
}

/// The class of the grid: how many tiles share the space.
pub fn grid_class(layout: &Layout) -> &'static str {
    match (layout.stage.is_some(), layout.others.len()) {
        (true, _) => "call-grid call-grid--stage",
        (false, 0) => "call-grid call-grid--alone",
        (false, 1) => "call-grid call-grid--one",
        (false, 2) => "call-grid call-grid--two",
        (false, 3) => "call-grid call-grid--four",
        (false, _) => "call-grid call-grid--many",
    }
}

/// "AM" of "Ana Moreno": what a tile shows without a picture.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anteroom_domain::visit::Role;

    fn person(visit: i64) -> Person {
        Person {
            visit: VisitId(visit),
            guest: None,
            name: "Ana Moreno".into(),
            invited: None,
            contact: None,
            role: Role::Guest,
            status: AdmissionStatus::Admitted,
            arrived_at: 0,
            connected: true,
            media: true,
            microphone: true,
            camera: true,
            screen: false,
            teams: None,
        }
    }

    #[test]
    fn we_are_small_and_the_others_are_large() {
        let layout = layout(&[person(1), person(2)], VisitId(1));
        assert_eq!(
            layout.own,
            Some(TileId {
                visit: VisitId(1),
                source: Source::Camera
            })
        );
        assert_eq!(
            layout.others,
            [TileId {
                visit: VisitId(2),
                source: Source::Camera
            }]
        );
        assert_eq!(layout.stage, None);
    }

    #[test]
    fn their_screen_takes_the_stage_and_our_own_does_not() {
        let shares = |visit| Person {
            screen: true,
            ..person(visit)
        };
        assert_eq!(layout(&[shares(1), person(2)], VisitId(1)).stage, None);
        assert_eq!(
            layout(&[shares(1), shares(2)], VisitId(1)).stage,
            Some(TileId {
                visit: VisitId(2),
                source: Source::Screen
            })
        );
    }

    #[test]
    fn those_who_wait_and_viewers_have_no_tile() {
        let waiting = Person {
            status: AdmissionStatus::Waiting,
            ..person(2)
        };
        let viewer = Person {
            role: Role::Attendee,
            ..person(3)
        };
        assert!(layout(&[person(1), waiting, viewer], VisitId(1)).others.is_empty());
    }

    #[test]
    fn the_order_does_not_depend_on_the_order_of_the_message() {
        assert_eq!(
            layout(&[person(3), person(1), person(2)], VisitId(1)),
            layout(&[person(2), person(3), person(1)], VisitId(1))
        );
    }

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        assert_eq!(initials("Ana María Moreno"), "AM");
        assert_eq!(initials("  örs "), "Ö");
        assert_eq!(initials(""), "");
    }
}
