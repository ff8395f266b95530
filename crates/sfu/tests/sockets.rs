//! The engine on its thread, with real sockets on loopback: over UDP, over TCP where UDP is blocked, and its manners.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may stop on surprise"
)]

mod common;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::task::Poll;
use std::time::{Duration, Instant};

use anteroom_domain::visit::Publish;
use anteroom_protocol::media::{MediaFromClient, MediaFromServer, Slot, SlotDirection, Source};
use anteroom_sfu::{Config, EnterError, Event, Limits, ParticipantId, RoomId, Sfu, SfuHandle};
use common::{check, sdp_value};
use str0m::change::SdpOffer;
use str0m::format::Codec;
use str0m::media::Mid;
use str0m::net::{Protocol, Receive, TcpType};
use str0m::rtp::{RtpWrite, SeqNo};
use str0m::{Candidate, Input, Output, Rtc};
use tokio::sync::mpsc;

const ROOM: RoomId = RoomId(1);

#[expect(clippy::disallowed_methods, reason = "real sockets run in real time")]
fn now() -> Instant {
    Instant::now()
}

fn start(limits: Limits) -> (Sfu, SfuHandle) {
    Sfu::start(Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        advertise: vec![],
        limits,
    })
    .unwrap()
}

enum Wire {
    Udp(UdpSocket),
    Tcp(TcpStream, Vec<u8>),
}

struct Page {
    id: ParticipantId,
    rtc: Rtc,
    wire: Wire,
    local: SocketAddr,
    server: SocketAddr,
    events: mpsc::Receiver<Event>,
    slots: Vec<Slot>,
    sequences: BTreeMap<Source, u64>,
    next: Instant,
    connected: bool,
    got: BTreeMap<Source, usize>,
}

impl Page {
    async fn open(handle: &SfuHandle, server: SocketAddr, id: i64, tcp: bool) -> Self {
        let (wire, local, candidate) = if tcp {
            let stream = TcpStream::connect(server).unwrap();
            stream.set_nonblocking(true).unwrap();
            let local = stream.local_addr().unwrap();
            let candidate = Candidate::builder().tcp().host(local).tcptype(TcpType::Active).build();
            (Wire::Tcp(stream, vec![]), local, candidate.unwrap())
        } else {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            socket.set_nonblocking(true).unwrap();
            let local = socket.local_addr().unwrap();
            (Wire::Udp(socket), local, Candidate::host(local, "udp").unwrap())
        };
        let mut rtc = Rtc::builder().set_rtp_mode(true).build(now());
        rtc.add_local_candidate(candidate);
        let (sender, events) = mpsc::channel(64);
        let id = ParticipantId(id);
        handle.enter(ROOM, id, Publish::All, sender).await.unwrap();
        handle.media(ROOM, id, MediaFromClient::Join);
        let (slots, sequences, got) = (vec![], BTreeMap::new(), BTreeMap::new());
        Self {
            id,
            rtc,
            wire,
            local,
            server,
            events,
            slots,
            sequences,
            next: now(),
            connected: false,
            got,
        }
    }

    fn turn(&mut self, handle: &SfuHandle) {
        while let Ok(Event::Media(message)) = self.events.try_recv() {
            match message {
                MediaFromServer::Offer { n, sdp, slots } => {
                    let offer = SdpOffer::from_sdp_string(&sdp).unwrap();
                    let sdp = self.rtc.sdp_api().accept_offer(offer).unwrap().to_sdp_string();
                    self.slots = slots;
                    handle.media(ROOM, self.id, MediaFromClient::Answer { n, sdp });
                    self.drain();
                }
                MediaFromServer::Connected => self.connected = true,
                MediaFromServer::Gone { reason } => panic!("{reason}"),
                MediaFromServer::Quality { .. } => {}
            }
        }
        self.rtc.handle_input(Input::Timeout(now())).unwrap();
        self.drain();
        while let Some(packet) = self.read() {
            let Ok(contents) = packet.as_slice().try_into() else {
                continue;
            };
            let proto = if matches!(self.wire, Wire::Udp(_)) {
                Protocol::Udp
            } else {
                Protocol::Tcp
            };
            let receive = Receive {
                proto,
                source: self.server,
                destination: self.local,
                contents,
            };
            self.rtc.handle_input(Input::Receive(now(), receive)).unwrap();
            self.drain();
        }
        if self.connected && self.next <= now() {
            self.next += Duration::from_millis(20);
            for (source, codec) in [(Source::Microphone, Codec::Opus), (Source::Camera, Codec::Vp8)] {
                self.send(source, codec);
            }
        }
    }

    fn send(&mut self, source: Source, codec: Codec) {
        let slot = self
            .slots
            .iter()
            .find(|slot| slot.source == source && slot.direction == SlotDirection::Send)
            .unwrap();
        let mid = Mid::from(slot.mid.as_str());
        let pt = self
            .rtc
            .codec_config()
            .params()
            .iter()
            .find(|p| p.spec().codec == codec)
            .unwrap()
            .pt();
        let sequence = self.sequences.entry(source).or_insert(0);
        *sequence += 1;
        let time = u32::try_from(*sequence * 960).unwrap();
        let write = RtpWrite::new(pt, SeqNo::from(*sequence), time, now(), vec![0x10; 500]).marker(true);
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, None) {
            stream.write_rtp(write);
        }
        self.rtc.handle_input(Input::Timeout(now())).unwrap();
        self.drain();
    }

    fn read(&mut self) -> Option<Vec<u8>> {
        let mut buffer = [0; 4096];
        match &mut self.wire {
            Wire::Udp(socket) => {
                let length = socket.recv(&mut buffer).ok()?;
                Some(buffer[..length].to_vec())
            }
            Wire::Tcp(stream, bytes) => {
                while let Ok(length) = stream.read(&mut buffer) {
                    if length == 0 {
                        break;
                    }
                    bytes.extend_from_slice(&buffer[..length]);
                }
                let length = 2 + usize::from(u16::from_be_bytes([*bytes.first()?, *bytes.get(1)?]));
                (bytes.len() >= length).then(|| bytes.drain(..length).skip(2).collect())
            }
        }
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(_) => return,
                Output::Transmit(t) => match &mut self.wire {
                    Wire::Udp(socket) if t.proto == Protocol::Udp => drop(socket.send_to(&t.contents, t.destination)),
                    Wire::Tcp(stream, _) if t.proto == Protocol::Tcp => {
                        let mut frame = u16::try_from(t.contents.len()).unwrap().to_be_bytes().to_vec();
                        frame.extend_from_slice(&t.contents);
                        stream.write_all(&frame).unwrap();
                    }
                    _ => {}
                },
                Output::Event(str0m::Event::RtpPacket(packet)) => {
                    let Some(stream) = self.rtc.direct_api().stream_rx(&packet.header.ssrc).map(|s| s.mid()) else {
                        continue;
                    };
                    if let Some(slot) = self.slots.iter().find(|slot| slot.mid == stream.to_string()) {
                        *self.got.entry(slot.source).or_default() += 1;
                    }
                }
                Output::Event(_) => {}
            }
        }
    }
}

async fn open_pages<const N: usize>(handle: &SfuHandle, sfu: &Sfu, pages: [(i64, bool); N]) -> Vec<Page> {
    let mut opened = vec![];
    for (id, tcp) in pages {
        opened.push(Page::open(handle, sfu.local_addr(), id, tcp).await);
    }
    opened
}

/// Lets the pages run until both have got something of both sources.
fn converse(handle: &SfuHandle, pages: &mut [Page]) {
    let end = now() + Duration::from_secs(20);
    let enough = |page: &Page| {
        [Source::Microphone, Source::Camera]
            .iter()
            .all(|s| page.got.get(s) > Some(&20))
    };
    while !pages.iter().all(enough) {
        assert!(
            now() < end,
            "got {:?}",
            pages.iter().map(|page| &page.got).collect::<Vec<_>>()
        );
        for page in pages.iter_mut() {
            page.turn(handle);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[tokio::test]
async fn two_talk_over_udp_and_the_engine_stops_cleanly() {
    let (sfu, handle) = start(Limits::default());
    let mut pages = open_pages(&handle, &sfu, [(1, false), (2, false)]).await;
    converse(&handle, &mut pages);
    let health = handle.health().await;
    assert!(health.alive);
    assert_eq!((health.rooms, health.participants, health.connected), (1, 2, 2));
    assert!(health.counters.forwarded > 80 && health.counters.bytes_out > 10_000);
    assert_eq!(health.address, sfu.local_addr());
    sfu.shutdown();
    assert!(!handle.health().await.alive);
    let (sender, _events) = mpsc::channel(8);
    assert_eq!(
        handle.enter(ROOM, ParticipantId(3), Publish::All, sender).await,
        Err(EnterError::Stopped)
    );
}

#[tokio::test]
async fn one_whose_network_blocks_udp_talks_over_tcp() {
    let (sfu, handle) = start(Limits::default());
    let mut pages = open_pages(&handle, &sfu, [(1, true), (2, false)]).await;
    converse(&handle, &mut pages);
    assert_eq!(handle.health().await.tcp_connections, 1);
    handle.leave(ROOM, ParticipantId(1));
    let end = now() + Duration::from_secs(5);
    while handle.health().await.tcp_connections > 0 {
        assert!(now() < end, "the connection of one who left stays open");
    }
}

#[tokio::test]
async fn a_tcp_connection_that_nobody_claims_is_closed_and_one_that_talks_tls_at_once() {
    let limits = Limits {
        tcp_claim: Duration::from_millis(100),
        ..Limits::default()
    };
    let (sfu, _handle) = start(limits);
    for bytes in [&b""[..], &b"\x16\x03\x01\x02\x00\x01"[..]] {
        let mut stream = TcpStream::connect(sfu.local_addr()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(bytes).unwrap();
        // Closed or reset: either way reading ends.
        assert!(matches!(stream.read(&mut [0; 8]), Ok(0) | Err(_)));
    }
}

#[tokio::test]
async fn a_tcp_connection_that_closed_before_its_check_was_answered_claims_nothing() {
    let (sfu, handle) = start(Limits {
        tcp_claim: Duration::from_millis(100),
        ..Limits::default()
    });
    let (sender, mut events) = mpsc::channel(64);
    handle
        .enter(ROOM, ParticipantId(1), Publish::All, sender)
        .await
        .unwrap();
    handle.media(ROOM, ParticipantId(1), MediaFromClient::Join);
    let Some(Event::Media(MediaFromServer::Offer { n, sdp: offer, .. })) = events.recv().await else {
        panic!("no offer");
    };
    // The browser's side of DTLS begins, so nothing but the reply to its check is sent to it.
    let passive = offer.replace("a=setup:actpass", "a=setup:passive");
    let mut rtc = Rtc::builder().set_rtp_mode(true).build(now());
    let answer = rtc.sdp_api().accept_offer(SdpOffer::from_sdp_string(&passive).unwrap());
    let answer = answer.unwrap().to_sdp_string();
    let connect = |from: SocketAddr| {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        socket.set_reuse_address(true).unwrap();
        // Closing resets it, so that its port is free at once.
        socket.set_linger(Some(Duration::ZERO)).unwrap();
        socket.bind(&from.into()).unwrap();
        socket.connect(&sfu.local_addr().into()).unwrap();
        TcpStream::from(socket)
    };
    let mut first = connect("127.0.0.1:0".parse().unwrap());
    let from = first.local_addr().unwrap();
    let ours = (sdp_value(&offer, "ice-ufrag"), sdp_value(&offer, "ice-pwd"));
    let bytes = check(ours, sdp_value(&answer, "ice-ufrag"), true);
    first
        .write_all(&u16::try_from(bytes.len()).unwrap().to_be_bytes())
        .unwrap();
    first.write_all(&bytes).unwrap();
    let end = now() + Duration::from_secs(10);
    while handle.health().await.counters.packets_in < 1 {
        assert!(now() < end, "the check does not arrive");
    }
    drop(first);
    while handle.health().await.tcp_connections > 0 {
        assert!(now() < end, "the connection stays open");
    }
    handle.media(ROOM, ParticipantId(1), MediaFromClient::Answer { n, sdp: answer });
    while handle.health().await.counters.packets_out < 1 {
        assert!(now() < end, "the check is not answered");
    }
    // Whoever has that address next is nobody until they ask.
    let mut next = connect(from);
    next.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let ended = next.read(&mut [0; 8]);
    let reset = |error: &std::io::Error| error.kind() == std::io::ErrorKind::ConnectionReset;
    assert!(matches!(&ended, Ok(0)) || ended.as_ref().is_err_and(reset), "{ended:?}");
}

#[tokio::test]
async fn connections_that_nobody_claims_keep_no_participant_out() {
    let limits = Limits {
        tcp_connections: 8,
        tcp_unclaimed: 6,
        tcp_unclaimed_of_network: 4,
        tcp_claim: Duration::from_mins(10),
        ..Limits::default()
    };
    let (sfu, handle) = start(limits);
    let mut idle: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(sfu.local_addr()).unwrap()).collect();
    // The oldest had to go, and the newest stays.
    let first = &mut idle[0];
    first.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert!(matches!(first.read(&mut [0; 8]), Ok(0)));
    assert!(handle.health().await.tcp_connections <= 4);
    let mut pages = open_pages(&handle, &sfu, [(1, true), (2, true)]).await;
    converse(&handle, &mut pages);
    // Those who are in stay in, however many come after them.
    idle.extend((0..40).map(|_| TcpStream::connect(sfu.local_addr()).unwrap()));
    for page in &mut pages {
        page.got.clear();
    }
    converse(&handle, &mut pages);
    assert!(handle.health().await.tcp_connections <= 6);
}

#[tokio::test]
async fn a_seat_whose_events_nobody_can_take_any_more_hears_nothing_further() {
    let (sfu, handle) = start(Limits::default());
    let mut pages = open_pages(&handle, &sfu, [(1, false), (2, false)]).await;
    converse(&handle, &mut pages);
    let (_never, nobody) = mpsc::channel(1);
    drop(std::mem::replace(&mut pages[0].events, nobody));
    let end = now() + Duration::from_secs(20);
    while handle.health().await.participants > 1 {
        assert!(now() < end, "the seat is kept");
        std::thread::sleep(Duration::from_millis(20));
    }
    let forwarded = handle.health().await.counters.forwarded;
    let end = now() + Duration::from_millis(300);
    while now() < end {
        for page in &mut pages {
            page.turn(&handle);
        }
    }
    assert_eq!(handle.health().await.counters.forwarded, forwarded);
}

#[tokio::test]
async fn events_that_nobody_takes_end_with_gone_and_the_seat_is_free() {
    let (_sfu, handle) = start(Limits {
        participants_per_room: 1,
        ..Limits::default()
    });
    let (sender, mut events) = mpsc::channel(2);
    handle
        .enter(ROOM, ParticipantId(1), Publish::All, sender)
        .await
        .unwrap();
    for _ in 0..3 {
        handle.media(ROOM, ParticipantId(1), MediaFromClient::Join);
    }
    assert!(handle.health().await.alive);
    assert!(matches!(
        events.recv().await,
        Some(Event::Media(MediaFromServer::Offer { .. }))
    ));
    assert!(matches!(
        events.recv().await,
        Some(Event::Media(MediaFromServer::Gone { .. }))
    ));
    assert_eq!(events.recv().await, None);
    let (sender, _events) = mpsc::channel(8);
    assert_eq!(handle.enter(ROOM, ParticipantId(2), Publish::All, sender).await, Ok(()));
}

#[tokio::test]
async fn seats_are_counted_at_once() {
    let (_sfu, handle) = start(Limits {
        participants_per_room: 2,
        rooms: 1,
        ..Limits::default()
    });
    let enter = async |room, id| {
        let (sender, events) = mpsc::channel(8);
        let entered = handle.enter(RoomId(room), ParticipantId(id), Publish::All, sender);
        entered.await.map(|()| events)
    };
    let mut first = enter(1, 1).await.unwrap();
    let _again = enter(1, 1).await.unwrap();
    assert_eq!(first.recv().await, None, "the earlier entry's channel is closed");
    let _second = enter(1, 2).await.unwrap();
    assert_eq!(enter(1, 3).await.err(), Some(EnterError::RoomFull));
    assert_eq!(enter(2, 3).await.err(), Some(EnterError::TooManyRooms));
    handle.close(RoomId(1));
    assert!(enter(2, 3).await.is_ok());
}

#[tokio::test]
async fn one_who_is_refused_has_lost_the_seat_they_had() {
    let (_sfu, handle) = start(Limits {
        senders_per_room: 1,
        ..Limits::default()
    });
    let enter = async |id, publish| {
        let (sender, events) = mpsc::channel(8);
        let entered = handle.enter(ROOM, ParticipantId(id), publish, sender);
        entered.await.map(|()| events)
    };
    let _sender = enter(1, Publish::All).await.unwrap();
    let mut viewer = enter(2, Publish::Nothing).await.unwrap();
    assert_eq!(enter(2, Publish::All).await.err(), Some(EnterError::RoomFull));
    assert_eq!(viewer.recv().await, None, "the channel of the seat they had is closed");
    assert_eq!(handle.health().await.participants, 1);
}

#[tokio::test]
async fn an_entry_that_was_given_up_leaves_no_seat_and_no_harm() {
    let (_sfu, handle) = start(Limits::default());
    // Dropped once it has been polled: its command is under way, or its answer, or the engine has not woken yet.
    for id in 0..200 {
        let (sender, events) = mpsc::channel(8);
        let mut entering = Box::pin(handle.enter(ROOM, ParticipantId(id), Publish::Nothing, sender));
        let entered = std::future::poll_fn(|context| Poll::Ready(entering.as_mut().poll(context))).await;
        assert!(matches!(
            entered,
            Poll::Pending | Poll::Ready(Ok(()) | Err(EnterError::RoomFull))
        ));
        drop((entering, events));
    }
    // Never polled: nothing was asked for.
    let (sender, _events) = mpsc::channel(8);
    drop(handle.enter(ROOM, ParticipantId(0), Publish::Nothing, sender));
    let end = now() + Duration::from_secs(20);
    while handle.health().await.participants > 0 {
        assert!(now() < end, "a seat that nobody knows of is kept");
        std::thread::sleep(Duration::from_millis(20));
    }
    let (sender, _events) = mpsc::channel(8);
    assert_eq!(handle.enter(ROOM, ParticipantId(0), Publish::All, sender).await, Ok(()));
}

#[tokio::test]
async fn entries_under_way_while_the_engine_stops_are_answered() {
    let (sfu, handle) = start(Limits::default());
    let entering: Vec<_> = (0..50)
        .map(|id| {
            let handle = handle.clone();
            tokio::spawn(async move {
                let (sender, _events) = mpsc::channel(8);
                handle.enter(ROOM, ParticipantId(id), Publish::Nothing, sender).await
            })
        })
        .collect();
    let stopped = tokio::task::spawn_blocking(move || sfu.shutdown());
    for entered in entering {
        let entered = entered.await.unwrap();
        assert!(matches!(entered, Ok(()) | Err(EnterError::Stopped)), "{entered:?}");
    }
    stopped.await.unwrap();
}

#[test]
fn a_taken_port_is_a_clear_error() {
    let (sfu, _handle) = start(Limits::default());
    let again = Sfu::start(Config {
        listen: sfu.local_addr(),
        advertise: vec![],
        limits: Limits::default(),
    });
    assert!(again.err().unwrap().to_string().contains("cannot be opened"));
}
