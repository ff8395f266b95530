//! From the first ICE check to DTLS: how soon a participant is connected, and which addresses are theirs.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests may stop on surprise"
)]

mod common;

use std::net::SocketAddr;
use std::time::Duration;

use anteroom_domain::visit::Publish;
use anteroom_protocol::media::{MediaFromServer, Source};
use anteroom_sfu::{Address, ParticipantId};
use common::{DELAY, ROOM, World, check, sdp_value};
use str0m::Candidate;
use str0m::net::{Protocol, TcpType};

/// The parts of an offer, and of the answer to it, that a check is made of.
struct Secrets {
    ufrag: String,
    password: String,
    theirs: String,
}

impl Secrets {
    /// The secrets of a browser whose first answer is held back still.
    fn of(world: &World, index: usize) -> Self {
        let browser = &world.browsers[index];
        let offer = browser.messages.iter().find_map(|message| match message {
            MediaFromServer::Offer { sdp, .. } => Some(sdp),
            _ => None,
        });
        Self {
            ufrag: sdp_value(offer.unwrap(), "ice-ufrag").to_owned(),
            password: sdp_value(offer.unwrap(), "ice-pwd").to_owned(),
            theirs: sdp_value(&browser.held[0].1, "ice-ufrag").to_owned(),
        }
    }

    fn check(&self) -> Vec<u8> {
        check((&self.ufrag, &self.password), &self.theirs, true)
    }
}

/// Enters and joins with a browser whose answer is held back, and whose one check goes over this protocol; `None`: it
/// sends nothing.
fn join_without_answer(world: &mut World, id: i64, asks: Option<Protocol>) -> usize {
    world.enter(id, Publish::All).unwrap();
    world.open_as(id, |browser| {
        browser.answers = false;
        browser.asks_once = asks;
        browser.silent = asks.is_none();
        if asks == Some(Protocol::Tcp) {
            let candidate = Candidate::builder().tcp().host(browser.address);
            let candidate = candidate.tcptype(TcpType::Active).build().unwrap();
            browser.rtc.add_local_candidate(candidate);
        }
    })
}

fn answer(world: &mut World, index: usize) {
    world.browsers[index].answers = true;
    world.release_answers(index);
    world.collect();
}

/// An address that belongs to nobody.
fn stranger(last: u8) -> Address {
    (Protocol::Udp, SocketAddr::from(([192, 0, 2, last], 50_000)))
}

#[test]
fn one_whose_only_check_came_before_the_answer_is_in_two_round_trips_after_it() {
    for (proto, wait) in [
        (Protocol::Udp, 100),
        (Protocol::Tcp, 100),
        // Not a multiple of what ICE paces itself by, and what a slow signalling socket takes.
        (Protocol::Udp, 115),
        (Protocol::Udp, 3_000),
    ] {
        let mut world = World::new();
        let index = join_without_answer(&mut world, 1, Some(proto));
        let address = (proto, world.browsers[index].address);
        world.until("asked", |w| w.browsers[index].asked.is_some());
        world.run(DELAY + Duration::from_millis(wait));
        assert!(!world.engine.is_claimed(address), "without an answer there is no reply");
        answer(&mut world, index);
        let answered = world.now;
        world.until("connected", |w| w.browsers[index].is_connected());
        let took = world.now - answered;
        assert!(took <= 2 * (2 * DELAY), "{proto:?} after {wait} ms: {took:?}");
        assert_eq!(world.engine.counters().packets_unclaimed, 0);
        assert!(world.engine.is_claimed(address));
    }
}

#[test]
fn only_a_check_that_is_granted_proves_where_it_came_from() {
    for late in [false, true] {
        let mut world = World::new();
        let index = join_without_answer(&mut world, 1, None);
        let secrets = Secrets::of(&world, index);
        let (ufrag, password, theirs) = (&*secrets.ufrag, &*secrets.password, &*secrets.theirs);
        let checks = [
            check((ufrag, "a guess"), theirs, true),
            check(("nobody", password), theirs, true),
            check((ufrag, password), "somebody", true),
            // Signed, but it claims the role that is ours: the reply is an error.
            check((ufrag, password), theirs, false),
            secrets.check(),
        ];
        if !late {
            answer(&mut world, index);
        }
        let before = world.engine.counters().packets_out;
        for (last, bytes) in (0..).zip(&checks) {
            world.engine.receive(stranger(last), bytes, world.now);
        }
        if late {
            assert_eq!(world.engine.counters().packets_out, before);
            answer(&mut world, index);
        }
        world.run(Duration::from_millis(100));
        let replies = world.engine.counters().packets_out - before;
        assert_eq!(replies, 2, "one grants, one is an error (late: {late})");
        let proved: Vec<u8> = (0..)
            .take(checks.len())
            .filter(|last| world.engine.is_claimed(stranger(*last)))
            .collect();
        assert_eq!(proved, [4], "late: {late}");
    }
}

#[test]
fn a_late_reply_takes_no_address_from_another_participant() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Publish::All), world.join(2, Publish::All));
    world.seconds(2);
    let c = join_without_answer(&mut world, 3, None);
    let forged = Secrets::of(&world, c).check();
    let address = (Protocol::Udp, world.browsers[b].address);
    world.engine.receive(address, &forged, world.now);
    answer(&mut world, c);
    // Without the next check of the one whose address it is, which would win it back.
    world.clear();
    world.browsers[b].asks_once = Some(Protocol::Udp);
    world.browsers[b].asked = Some(world.now);
    world.seconds(1);
    let sound = world.got(a, 2, Source::Microphone);
    assert!(
        sound.packets() > 40 && sound.missing() == 0,
        "{} packets",
        sound.packets()
    );
}

#[test]
fn late_replies_leave_a_participant_no_more_addresses_than_others() {
    let mut world = World::new();
    let index = join_without_answer(&mut world, 1, None);
    let secrets = Secrets::of(&world, index);
    for last in 0..60 {
        world.engine.receive(stranger(last), &secrets.check(), world.now);
    }
    answer(&mut world, index);
    world.run(Duration::from_millis(100));
    let proved: Vec<u8> = (0..60)
        .filter(|last| world.engine.is_claimed(stranger(*last)))
        .collect();
    assert_eq!(proved, (44..60).collect::<Vec<u8>>(), "the newest 16");
    world.engine.leave(ROOM, ParticipantId(1), world.now);
    assert!(!(0..60).any(|last| world.engine.is_claimed(stranger(last))));
}
