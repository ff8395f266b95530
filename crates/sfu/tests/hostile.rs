//! Whatever one participant or a stranger sends costs nobody else anything.
#![expect(clippy::indexing_slicing, reason = "helpers of tests may stop on surprise")]

mod common;

use std::time::Duration;

use anteroom_domain::visit::Publish;
use anteroom_protocol::media::{MediaFromClient, MediaFromServer, Source};
use anteroom_sfu::{EnterError, Limits, ParticipantId, RoomId};
use common::{ROOM, World};
use rand::Rng;
use str0m::net::Protocol;

/// Two in a call, and what came in while they were.
fn call() -> (World, usize, usize) {
    let mut world = World::new();
    world.record = true;
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.seconds(2);
    (world, a, b)
}

#[track_caller]
fn still_works(world: &mut World, a: usize, b: usize) {
    world.seconds(1);
    world.clear();
    world.seconds(2);
    for (viewer, other) in [(a, 2), (b, 1)] {
        assert!(world.browsers[viewer].gone().is_none());
        let got = world.got(viewer, other, Source::Camera);
        assert!(
            got.packets() > 50 && got.missing() == 0,
            "{} packets, {} missing",
            got.packets(),
            got.missing()
        );
        assert!(world.got(viewer, other, Source::Microphone).packets() > 50);
    }
}

#[test]
fn random_bytes_from_anywhere_change_nothing() {
    let (mut world, a, b) = call();
    let known = [world.browsers[a].address, world.browsers[b].address];
    for round in 0..6_000_usize {
        let length = world.rng.random_range(0..1500);
        let mut bytes = vec![0; length];
        world.rng.fill(bytes.as_mut_slice());
        if let Some(first) = bytes.first_mut() {
            // Every kind of packet in turn: STUN, DTLS, RTP, RTCP, none.
            *first = [*first, 0, 22, 128, 144][round % 5];
        }
        let from = match round % 3 {
            0 => known[0],
            1 => known[1],
            _ => std::net::SocketAddr::from(([192, 0, 2, 9], world.rng.random_range(1..u16::MAX))),
        };
        let proto = if round % 7 == 0 { Protocol::Tcp } else { Protocol::Udp };
        world.engine.receive((proto, from), &bytes, world.now);
        world.collect();
    }
    still_works(&mut world, a, b);
}

#[test]
fn mutated_packets_change_nothing() {
    let (mut world, a, b) = call();
    let recorded = std::mem::take(&mut world.recorded);
    for _ in 0..6_000 {
        let (from, mut bytes) = recorded[world.rng.random_range(0..recorded.len())].clone();
        for _ in 0..world.rng.random_range(1..4) {
            let at = world.rng.random_range(0..bytes.len());
            bytes[at] = world.rng.random();
        }
        if world.rng.random_range(0..4) == 0 {
            bytes.truncate(world.rng.random_range(0..bytes.len()));
        }
        world.engine.receive((Protocol::Udp, from), &bytes, world.now);
        world.collect();
    }
    still_works(&mut world, a, b);
}

#[test]
fn replayed_packets_are_not_forwarded_again() {
    let (mut world, a, b) = call();
    world.browsers.iter_mut().for_each(|browser| browser.sends = false);
    world.seconds(1);
    let recorded = std::mem::take(&mut world.recorded);
    let rtp =
        |bytes: &[u8]| bytes.len() > 60 && (128..192).contains(&bytes[0]) && !(64..96).contains(&(bytes[1] & 127));
    let before = world.engine.counters().forwarded;
    for (from, bytes) in recorded.iter().filter(|(_, bytes)| rtp(bytes)) {
        world.engine.receive((Protocol::Udp, *from), bytes, world.now);
        world.collect();
    }
    assert_eq!(world.engine.counters().forwarded, before);
    // And from somewhere else they belong to nobody.
    let packets_unclaimed = world.engine.counters().packets_unclaimed;
    for (_, bytes) in recorded
        .iter()
        .filter(|(_, bytes)| bytes.first().is_some_and(|first| *first > 1))
    {
        world
            .engine
            .receive((Protocol::Udp, "192.0.2.77:9".parse().unwrap()), bytes, world.now);
        world.collect();
    }
    assert!(world.engine.counters().packets_unclaimed > packets_unclaimed + 100);
    // Not even where a replayed STUN request, which ICE cannot tell from a new one, has opened the way before them.
    for (_, bytes) in &recorded {
        world
            .engine
            .receive((Protocol::Udp, "192.0.2.78:9".parse().unwrap()), bytes, world.now);
        world.collect();
    }
    assert_eq!(world.engine.counters().forwarded, before);
    world.browsers.iter_mut().for_each(|browser| browser.sends = true);
    still_works(&mut world, a, b);
}

#[test]
fn another_rooms_packets_stay_there() {
    let (mut world, a, b) = call();
    let other = RoomId(8);
    world
        .engine
        .enter(other, ParticipantId(1), Publish::All, world.now)
        .unwrap();
    world
        .engine
        .media(other, ParticipantId(1), MediaFromClient::Join, world.now);
    world.collect();
    world.engine.leave(other, ParticipantId(2), world.now);
    world.engine.close(other, world.now);
    world.collect();
    still_works(&mut world, a, b);
}

#[test]
fn a_broken_answer_costs_its_sender_only() {
    let broken = [
        String::new(),
        "v=0".into(),
        "v=0\r\nm=".into(),
        "\u{0}\u{ffff}".repeat(100),
        "a=".repeat(300_000),
        format!(
            "v=0\r\n{}",
            "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:x\r\n".repeat(1000)
        ),
    ];
    for sdp in broken {
        let (mut world, a, b) = call();
        world.enter(3, Publish::All).unwrap();
        let c = world.open(3);
        world.browsers[c].answers = false;
        // `open` has answered the first offer already; ask for another one.
        world.say(3, MediaFromClient::Publish { source: Source::Screen });
        world.seconds(1);
        let n = u32::try_from(world.browsers[c].offers()).unwrap();
        world.say(3, MediaFromClient::Answer { n, sdp });
        assert!(world.browsers[c].gone().is_some());
        still_works(&mut world, a, b);
        let again = world.open(3);
        world.until("back", |w| w.browsers[again].is_connected());
    }
}

#[test]
fn answers_with_mutations_never_panic() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.seconds(1);
    for round in 0..60_i64 {
        let id = 100 + round;
        world.enter(id, Publish::All).unwrap();
        world.browsers.retain(|browser| browser.id.0 < 100);
        world
            .engine
            .media(ROOM, ParticipantId(id), MediaFromClient::Join, world.now);
        // A real answer to the real offer, damaged.
        let mut offer = None;
        while let Some(output) = world.engine.poll() {
            if let anteroom_sfu::Output::Message {
                participant,
                message: MediaFromServer::Offer { sdp, .. },
                ..
            } = output
                && participant.0 == id
            {
                offer = Some(sdp);
            }
        }
        let mut sdp = offer
            .unwrap()
            .replace("a=recvonly", "a=inactive")
            .replace("actpass", "active")
            .into_bytes();
        for _ in 0..world.rng.random_range(1..20) {
            let at = world.rng.random_range(0..sdp.len());
            match world.rng.random_range(0..3) {
                0 => sdp[at] = world.rng.random_range(32..127),
                1 => drop(sdp.remove(at)),
                _ => sdp.truncate(sdp.len() - world.rng.random_range(0..40).min(sdp.len() / 2)),
            }
        }
        let sdp = String::from_utf8_lossy(&sdp).into_owned();
        world.engine.media(
            ROOM,
            ParticipantId(id),
            MediaFromClient::Answer { n: 1, sdp },
            world.now,
        );
        world.engine.leave(ROOM, ParticipantId(id), world.now);
        world.collect();
        world.run(Duration::from_millis(20));
    }
    still_works(&mut world, a, b);
}

#[test]
fn stale_and_unknown_answers_are_ignored() {
    let (mut world, a, b) = call();
    for n in [0, 1, 99, u32::MAX] {
        world.say(
            1,
            MediaFromClient::Answer {
                n,
                sdp: "nonsense".into(),
            },
        );
    }
    world
        .engine
        .media(RoomId(99), ParticipantId(1), MediaFromClient::Join, world.now);
    world
        .engine
        .media(ROOM, ParticipantId(99), MediaFromClient::Join, world.now);
    world.collect();
    still_works(&mut world, a, b);
}

#[test]
fn there_is_never_a_second_offer_before_the_answer() {
    let mut world = World::new();
    let a = world.join(1, Publish::All);
    world.seconds(1);
    world.browsers[a].answers = false;
    let offers = world.browsers[a].offers();
    for id in 2..6 {
        world.join(id, Publish::All);
        world.run(Duration::from_millis(300));
    }
    world.engine.leave(ROOM, ParticipantId(3), world.now);
    world.seconds(1);
    assert_eq!(world.browsers[a].offers(), offers + 1);
    world.browsers[a].answers = true;
    world.release_answers(a);
    world.seconds(1);
    assert_eq!(
        world.browsers[a].offers(),
        offers + 2,
        "everything since is in one offer"
    );
    let visits: std::collections::BTreeSet<_> = world.browsers[a].receives().iter().map(|(visit, _)| *visit).collect();
    assert_eq!(visits, [2, 4, 5].into());
}

#[test]
fn one_who_never_answers_is_given_up() {
    let (mut world, a, b) = call();
    world.join(3, Publish::All);
    world.seconds(1);
    let c = world.browsers.len() - 1;
    world.browsers[c].answers = false;
    world.join(4, Publish::All);
    world.seconds(31);
    assert!(world.browsers[c].gone().unwrap().contains("answer"));
    still_works(&mut world, a, b);
}

#[test]
fn a_full_room_and_a_full_server_refuse_the_next() {
    let limits = Limits {
        participants_per_room: 3,
        senders_per_room: 2,
        rooms: 2,
        participants: 4,
        ..Limits::default()
    };
    let mut world = World::with_limits(limits);
    assert_eq!(world.enter(1, Publish::All), Ok(()));
    assert_eq!(world.enter(2, Publish::All), Ok(()));
    assert_eq!(world.enter(3, Publish::All), Err(EnterError::RoomFull));
    assert_eq!(world.enter(3, Publish::Nothing), Ok(()));
    assert_eq!(world.enter(4, Publish::Nothing), Err(EnterError::RoomFull));
    assert_eq!(
        world.enter(2, Publish::All),
        Ok(()),
        "one's own seat can be taken again"
    );
    let mut elsewhere = |room, id| {
        world
            .engine
            .enter(RoomId(room), ParticipantId(id), Publish::All, world.now)
    };
    assert_eq!(elsewhere(20, 5), Ok(()));
    assert_eq!(elsewhere(21, 6), Err(EnterError::ServerFull));
    world.engine.leave(ROOM, ParticipantId(1), world.now);
    let mut elsewhere = |room, id| {
        world
            .engine
            .enter(RoomId(room), ParticipantId(id), Publish::All, world.now)
    };
    assert_eq!(elsewhere(21, 6), Err(EnterError::TooManyRooms));
    assert_eq!(elsewhere(20, 6), Ok(()));
}

#[test]
fn a_page_that_joins_in_a_loop_is_told_to_wait() {
    let (mut world, a, b) = call();
    world.enter(3, Publish::All).unwrap();
    for _ in 0..10 {
        world.open(3);
    }
    assert!(
        world
            .browsers
            .iter()
            .any(|browser| browser.gone().is_some_and(|why| why.contains("wait")))
    );
    world.seconds(11);
    let again = world.open(3);
    world.until("in", |w| w.browsers[again].is_connected());
    still_works(&mut world, a, b);
}

#[test]
fn a_page_that_enters_anew_before_each_join_is_told_to_wait_all_the_same() {
    let (mut world, _, b) = call();
    for _ in 0..20 {
        world.enter(1, Publish::All).unwrap();
        world.open(1);
    }
    let last = world.browsers.len() - 1;
    assert!(world.browsers[last].gone().is_some());
    world.seconds(1);
    let before = world.browsers[b].offers();
    world.enter(1, Publish::All).unwrap();
    world.open(1);
    world.seconds(1);
    assert_eq!(world.browsers[b].offers(), before, "the other negotiates nothing more");
    world.seconds(10);
    world.enter(1, Publish::All).unwrap();
    let again = world.open(1);
    still_works(&mut world, again, b);
}

#[test]
fn a_flood_beyond_what_a_browser_sends_is_dropped_unseen() {
    let (mut world, a, b) = call();
    let from = world.browsers[a].address;
    for _ in 0..40_000 {
        world.engine.receive((Protocol::Udp, from), &[128; 1_200], world.now);
        world.collect();
    }
    assert!(world.engine.counters().packets_rate_limited > 5_000);
    still_works(&mut world, a, b);
}
