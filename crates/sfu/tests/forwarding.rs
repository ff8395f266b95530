//! Who gets what: two see each other, a third who comes late gets a picture at once, one who leaves is gone, a reload
//! replaces, a viewer sends nothing.

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use anteroom_domain::visit::Publish;
use anteroom_protocol::media::{MediaFromClient, Source};
use anteroom_sfu::ParticipantId;
use common::{Browser, ROOM, World};

fn tracks(of: &[i64]) -> BTreeSet<(i64, Source)> {
    of.iter()
        .flat_map(|id| [(*id, Source::Microphone), (*id, Source::Camera)])
        .collect()
}

#[test]
fn two_see_and_hear_each_other() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.until("both connected", |w| w.browsers.iter().all(Browser::is_connected));
    world.seconds(3);
    for (viewer, other) in [(a, 2), (b, 1)] {
        for source in [Source::Microphone, Source::Camera] {
            let got = world.got(viewer, other, source);
            assert!(got.packets() > 100, "{viewer} got {} of {source:?}", got.packets());
            assert_eq!(got.missing(), 0);
            assert_eq!(got.sequences.first(), Some(&1), "numbers begin at one");
            assert!(got.payloads.iter().all(|mark| i64::from(*mark) == other));
        }
        assert!(world.got(viewer, other, Source::Camera).keys > 0);
    }
    assert_eq!(world.browsers[a].receives(), tracks(&[2]));
}

#[test]
fn a_late_joiner_sees_a_key_frame_at_once_and_the_others_are_asked_for_it() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.seconds(5);
    let asked = world.browsers[a].key_requests;
    let c = world.join(3, Publish::All);
    world.until("connected", |w| w.browsers[c].is_connected());
    world.run(Duration::from_millis(500));
    assert!(world.browsers[a].key_requests > asked);
    for other in [1, 2] {
        let got = world.got(c, other, Source::Camera);
        assert!(got.keys > 0, "no key frame of {other}");
        assert_eq!(got.sequences.first(), Some(&1));
    }
    world.seconds(1);
    assert!(world.got(b, 3, Source::Camera).packets() > 10);
    // A decoder that asks again reaches the publisher.
    let asked = world.browsers[b].key_requests;
    world.browsers[c].request_keyframe(2, Source::Camera);
    world.run(Duration::from_millis(600));
    assert!(world.browsers[b].key_requests > asked);
}

#[test]
fn key_frame_requests_are_throttled_but_not_lost() {
    let mut world = World::new();
    let a = world.join(1, Publish::All);
    let viewers: Vec<_> = (2..8).map(|id| world.join(id, Publish::Nothing)).collect();
    world.seconds(3);
    let before = world.browsers[a].key_requests;
    for _ in 0..20 {
        for viewer in &viewers {
            world.browsers[*viewer].request_keyframe(1, Source::Camera);
        }
        world.run(Duration::from_millis(50));
    }
    world.run(Duration::from_millis(600));
    let asked = world.browsers[a].key_requests - before;
    assert!((2..=7).contains(&asked), "{asked} requests in 1.6 s");
}

#[test]
fn one_who_leaves_is_taken_out_of_the_others_slots() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.seconds(2);
    world.engine.leave(ROOM, ParticipantId(2), world.now);
    world.collect();
    world.run(Duration::from_millis(200));
    assert!(world.browsers[a].receives().is_empty());
    world.clear();
    world.seconds(2);
    assert_eq!(world.got(a, 2, Source::Camera).packets(), 0);
    assert!(world.browsers[b].gone().is_none(), "one who left needs no message");
    assert_eq!(world.engine.occupancy(), (1, 1, 1));
    world.engine.close(ROOM, world.now);
    assert_eq!(world.engine.occupancy(), (0, 0, 0));
}

#[test]
fn many_come_and_go_without_the_offers_growing() {
    let mut world = World::new();
    let a = world.join(1, Publish::All);
    let mut longest = 0;
    for id in 2..12 {
        world.join(id, Publish::All);
        world.seconds(1);
        assert_eq!(world.browsers[a].receives(), tracks(&[id]));
        world.engine.leave(ROOM, ParticipantId(id), world.now);
        world.collect();
        world.seconds(1);
        let mids: BTreeSet<_> = world.browsers[a].slots.iter().map(|slot| slot.mid.clone()).collect();
        longest = longest.max(mids.len());
        assert_eq!(world.got(a, id, Source::Camera).sequences.first(), Some(&1));
        assert_eq!(world.got(a, id, Source::Camera).missing(), 0);
    }
    let sdp = world.browsers[a].messages.iter().rev().find_map(|m| match m {
        anteroom_protocol::media::MediaFromServer::Offer { sdp, .. } => Some(sdp.clone()),
        _ => None,
    });
    assert_eq!(
        sdp.unwrap().matches("m=").count(),
        4,
        "two places to send, two lines taken again and again"
    );
}

#[test]
fn a_screen_comes_and_goes_beside_the_camera() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.seconds(2);
    for _ in 0..2 {
        world.clear();
        world.say(1, MediaFromClient::Publish { source: Source::Screen });
        world.until("the other is offered the screen", |w| {
            w.browsers[b].receives().contains(&(1, Source::Screen))
        });
        world.browsers[a].keyframe_due = true;
        world.seconds(2);
        assert!(world.got(b, 1, Source::Screen).packets() > 50);
        assert!(world.got(b, 1, Source::Screen).keys > 0);
        assert!(world.got(b, 1, Source::Camera).packets() > 50, "the camera goes on");
        world.say(1, MediaFromClient::Unpublish { source: Source::Screen });
        world.run(Duration::from_millis(500));
        assert_eq!(world.browsers[b].receives(), tracks(&[1]));
        assert!(world.browsers[a].mid(Source::Screen).is_none());
    }
}

#[test]
fn a_place_that_was_declined_can_be_taken_later() {
    let mut world = World::new();
    let a = world.join(1, Publish::All);
    world.browsers[a].declines.insert(Source::Camera);
    // The first offer was answered while nothing was declined yet; this page reloads.
    let a = world.open(1);
    world.browsers[a].declines.insert(Source::Camera);
    world.browsers[a].answers = true;
    let b = world.join(2, Publish::All);
    world.say(1, MediaFromClient::Unpublish { source: Source::Camera });
    world.seconds(2);
    assert_eq!(world.browsers[b].receives(), BTreeSet::from([(1, Source::Microphone)]));
    world.browsers[a].declines.clear();
    world.say(1, MediaFromClient::Publish { source: Source::Camera });
    world.seconds(2);
    assert_eq!(world.browsers[b].receives(), tracks(&[1]));
    assert!(world.got(b, 1, Source::Camera).packets() > 10);
}

#[test]
fn a_reload_replaces_the_old_connection() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.seconds(2);
    let again = world.open(1);
    world.until("back", |w| w.browsers[again].is_connected());
    world.seconds(2);
    assert_eq!(world.browsers[b].receives(), tracks(&[1]), "not twice");
    assert!(world.got(again, 2, Source::Camera).keys > 0);
    let marks: BTreeSet<_> = world
        .got(b, 1, Source::Camera)
        .payloads
        .iter()
        .rev()
        .take(10)
        .copied()
        .collect();
    assert_eq!(
        marks,
        BTreeSet::from([u8::try_from(again + 1).unwrap()]),
        "the new page's picture"
    );
    world.browsers[a].got.clear();
    world.seconds(1);
    assert!(world.browsers[a].got.is_empty(), "nothing goes to the old page");
    assert_eq!(world.engine.occupancy(), (1, 2, 2));
}

#[test]
fn a_viewer_sees_everybody_and_sends_to_nobody() {
    let mut world = World::new();
    let viewer = world.join(9, Publish::Nothing);
    world.until("a viewer connects even when alone", |w| {
        w.browsers[viewer].is_connected()
    });
    let a = world.join(1, Publish::All);
    world.seconds(3);
    assert!(world.got(viewer, 1, Source::Camera).keys > 0);
    assert!(world.got(viewer, 1, Source::Microphone).packets() > 50);
    assert!(world.browsers[a].receives().is_empty());
    // It asks for a place to send, and gets none.
    let offers = world.browsers[viewer].offers();
    world.say(9, MediaFromClient::Publish { source: Source::Screen });
    world.seconds(1);
    assert_eq!(world.browsers[viewer].offers(), offers);
    assert!(world.browsers[viewer].mid(Source::Screen).is_none());
}

#[test]
fn packets_of_a_viewer_on_a_line_that_it_should_only_receive_on_go_nowhere() {
    let mut world = World::new();
    let viewer = world.join(9, Publish::Nothing);
    let a = world.join(1, Publish::All);
    let b = world.join(2, Publish::All);
    world.seconds(2);
    // The viewer's page pretends that the line of another's camera is its place to send.
    for slot in &mut world.browsers[viewer].slots {
        slot.direction = anteroom_protocol::media::SlotDirection::Send;
    }
    let forwarded = |w: &World| [a, b].map(|x| w.got(x, 9, Source::Camera).packets());
    let strange = world.browsers[viewer].offers();
    world.seconds(2);
    assert_eq!(forwarded(&world), [0, 0]);
    let from_viewer = |w: &World, x: usize| w.browsers[x].got.values().any(|got| got.payloads.contains(&1));
    assert!(!from_viewer(&world, a) && !from_viewer(&world, b));
    assert_eq!(world.browsers[viewer].offers(), strange);
}
