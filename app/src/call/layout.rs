//! Which tiles the call screen shows, and how large: computed from the room, never from the order in which media came.

use anteroom_domain::visit::Role;
use anteroom_protocol::media::Source;

use super::participant::{Participant, ParticipantId, TileId};

/// A stream that the page plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StreamId {
    /// The own camera, which is there before the server has given the participant a visit.
    OwnCamera,
    Tile(TileId),
}

/// The tiles of the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The screen that somebody else shares, which takes the stage.
    pub stage: Option<TileId>,
    /// The others, in a stable order.
    pub others: Vec<TileId>,
    /// The participant's own tile, small.
    pub own: Option<TileId>,
}

/// Every participant has a tile, so that nobody listens unseen. A viewer of a launch has none: there may be hundreds of them,
/// and the list of people shows them. A shared screen takes the stage; of several, that of the latest visit. The own screen
/// has no tile: the person who shares it sees it anyway, and looks at the others.
pub fn layout(people: &[Participant], me: Option<ParticipantId>) -> Layout {
    let tile = |person: &Participant, source| TileId { of: person.id, source };
    let with_tile = || people.iter().filter(|person| person.role != Role::Attendee);
    let others = || with_tile().filter(|person| Some(person.id) != me);
    let stage = others()
        .filter(|person| person.screen)
        .map(|person| tile(person, Source::Screen))
        .max();
    let own = with_tile()
        .find(|person| Some(person.id) == me)
        .map(|person| tile(person, Source::Camera));
    let mut others: Vec<_> = others().map(|person| tile(person, Source::Camera)).collect();
    others.sort_unstable();
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
    use anteroom_domain::id::VisitId;
    use anteroom_domain::visit::AdmissionStatus;
    use anteroom_protocol::seat::Person;

    use super::*;
    use crate::call::participant::tests::person;

    const ME: Option<ParticipantId> = Some(ParticipantId::Visit(VisitId(1)));

    fn layout_of(people: &[Person]) -> Layout {
        let people: Vec<_> = people.iter().filter_map(Participant::of_visit).collect();
        layout(&people, ME)
    }

    fn tile(visit: i64, source: Source) -> TileId {
        let of = ParticipantId::Visit(VisitId(visit));
        TileId { of, source }
    }

    #[test]
    fn we_are_small_and_the_others_are_large() {
        let layout = layout_of(&[person(1), person(2)]);
        assert_eq!(layout.own, Some(tile(1, Source::Camera)));
        assert_eq!(layout.others, [tile(2, Source::Camera)]);
        assert_eq!(layout.stage, None);
    }

    #[test]
    fn their_screen_takes_the_stage_and_our_own_does_not() {
        let shares = |visit| Person {
            screen: true,
            ..person(visit)
        };
        assert_eq!(layout_of(&[shares(1), person(2)]).stage, None);
        assert_eq!(layout_of(&[shares(1), shares(2)]).stage, Some(tile(2, Source::Screen)));
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
        assert!(layout_of(&[person(1), waiting, viewer]).others.is_empty());
    }

    #[test]
    fn the_order_does_not_depend_on_the_order_of_the_message() {
        assert_eq!(
            layout_of(&[person(3), person(1), person(2)]),
            layout_of(&[person(2), person(3), person(1)])
        );
    }

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        assert_eq!(initials("Ana María Moreno"), "AM");
        assert_eq!(initials("  örs "), "Ö");
        assert_eq!(initials(""), "");
    }
}
