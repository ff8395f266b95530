//! Loss, thin lines, and participants who fall silent.
#![expect(clippy::indexing_slicing, reason = "helpers of tests may stop on surprise")]

mod common;

use std::time::Duration;

use anteroom_domain::visit::Publish;
use anteroom_protocol::media::{MediaFromClient, Quality, Source};
use common::{Link, World};

#[test]
fn loss_on_either_side_is_repaired() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.seconds(2);
    world.browsers[a].up = Link {
        loss_permille: 50,
        ..Link::default()
    };
    world.browsers[b].down = Link {
        loss_permille: 50,
        ..Link::default()
    };
    world.seconds(10);
    world.browsers[a].up = Link::default();
    world.browsers[b].down = Link::default();
    world.seconds(2);
    let video = world.got(b, 1, Source::Camera);
    assert!(video.packets() > 700, "{}", video.packets());
    // 5 % on each of two hops would lose about 70 of 750.
    assert!(
        video.missing() <= 4,
        "{} of {} are missing",
        video.missing(),
        video.packets()
    );
    let sound = world.got(b, 1, Source::Microphone);
    assert!(
        sound.missing() > 20,
        "sound is not repaired: a late sound is worse than none"
    );
}

#[test]
fn a_bad_line_is_told_in_words_and_its_recovery_too() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.seconds(4);
    assert_eq!(world.browsers[b].quality(), Some(Quality::Good));
    world.browsers[b].down = Link {
        loss_permille: 250,
        ..Link::default()
    };
    world.seconds(8);
    assert_eq!(world.browsers[b].quality(), Some(Quality::Poor));
    assert_eq!(
        world.browsers[a].quality(),
        Some(Quality::Good),
        "the other's line is fine"
    );
    world.browsers[b].down = Link::default();
    world.seconds(20);
    assert_eq!(world.browsers[b].quality(), Some(Quality::Good));
}

#[test]
fn one_who_falls_silent_is_lost_and_then_gone() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.seconds(2);
    world.browsers[a].silent = true;
    world.until("lost", |w| w.browsers[a].quality() == Some(Quality::Lost));
    assert!(!world.browsers[b].receives().is_empty(), "not given up yet");
    world.until("gone", |w| w.browsers[a].gone().is_some());
    world.run(Duration::from_millis(100));
    assert!(world.browsers[b].receives().is_empty());
    assert_eq!(world.engine.occupancy(), (1, 2, 1), "the seat is theirs still");
    let again = world.open(1);
    world.until("back", |w| w.browsers[again].is_connected());
}

#[test]
fn one_who_was_silent_for_a_moment_goes_on() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.seconds(2);
    world.browsers[a].silent = true;
    world.until("lost", |w| w.browsers[a].quality() == Some(Quality::Lost));
    world.seconds(5);
    world.browsers[a].silent = false;
    world.say(1, MediaFromClient::Restart);
    world.seconds(6);
    assert!(world.browsers[a].gone().is_none());
    assert_ne!(world.browsers[a].quality(), Some(Quality::Lost));
    world.clear();
    world.seconds(2);
    assert!(world.got(b, 1, Source::Camera).packets() > 50);
    assert!(world.got(a, 2, Source::Camera).packets() > 50);
}

#[test]
fn an_ice_restart_keeps_the_media_flowing() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.seconds(2);
    let offers = world.browsers[a].offers();
    world.say(1, MediaFromClient::Restart);
    world.seconds(3);
    assert_eq!(world.browsers[a].offers(), offers + 1);
    world.clear();
    world.seconds(2);
    assert!(world.got(b, 1, Source::Camera).packets() > 50);
    assert!(world.got(a, 2, Source::Camera).packets() > 50);
    assert!(world.browsers[a].gone().is_none());
}

#[test]
fn one_whose_network_lets_nothing_through_is_told_so() {
    let mut world = World::new();
    world.enter(1, Publish::All).unwrap();
    let a = world.open(1);
    world.browsers[a].silent = true;
    world.seconds(20);
    assert!(world.browsers[a].gone().is_none());
    world.seconds(11);
    assert!(world.browsers[a].gone().unwrap().contains("network"));
}

/// A thin line towards `b`; the encoders follow what they are asked for, or not.
fn thin(rate_bps: u64, follows_remb: bool) -> (World, usize, usize) {
    let mut world = World::new();
    world.tick = Duration::from_millis(1);
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.browsers[a].video_bps = 1_200_000;
    world.browsers[a].follows_remb = follows_remb;
    world.seconds(5);
    world.browsers[b].down = Link {
        rate_bps,
        ..Link::default()
    };
    (world, a, b)
}

#[test]
fn in_a_pair_the_sender_steps_down_instead_of_freezing() {
    let (mut world, a, b) = thin(500_000, true);
    world.seconds(20);
    let asked = world.browsers[a].remb.expect("a REMB");
    assert!((150_000..700_000).contains(&asked), "asked for {asked}");
    world.clear();
    world.seconds(10);
    let (video, sound) = (world.got(b, 1, Source::Camera), world.got(b, 1, Source::Microphone));
    assert!(video.packets() > 150, "the picture goes on: {}", video.packets());
    assert!(sound.packets() > 450, "{}", sound.packets());
    assert!(sound.missing() <= 25, "{} missing", sound.missing());
}

#[test]
fn a_line_too_thin_for_video_carries_the_sound_and_the_picture_comes_back() {
    let (mut world, a, b) = thin(150_000, false);
    world.seconds(15);
    world.clear();
    world.seconds(10);
    let (video, sound) = (world.got(b, 1, Source::Camera), world.got(b, 1, Source::Microphone));
    assert!(video.packets() < 150, "held back: {} of 1500", video.packets());
    assert!(sound.packets() > 450, "{}", sound.packets());
    assert!(sound.missing() <= 25, "{} missing", sound.missing());
    assert_eq!(world.browsers[b].quality(), Some(Quality::Poor));
    world.browsers[b].down = Link::default();
    world.clear();
    world.seconds(30);
    let video = world.got(b, 1, Source::Camera);
    assert!(video.keys > 0, "it comes back with a key frame");
    assert!(video.packets() > 300, "{}", video.packets());
    assert!(world.browsers[a].key_requests > 0);
}
