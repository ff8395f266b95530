//! Drives a running engine over real sockets on loopback with synthetic participants, and prints what it costs.
//!
//! `cargo bench -p anteroom-sfu -- --rooms 50 --people 2 --seconds 10 [--feedback]`
//!
//! Everybody sends 1.5 Mbit/s of video (30 frames/s of 6 packets) and 32 kbit/s of sound (50 packets/s). Receivers read
//! the RTP header, which is in the clear, and do not decrypt, so that the generator is not what is measured; with
//! `--feedback` they decrypt everything and send the bandwidth feedback of a browser, which costs the generator about
//! as much as the engine. The RTP timestamp carries the time of sending. It measures and never judges: no assertion
//! here depends on time. Without `--bench` (as from `cargo test`) it makes one tiny run.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench on its own machine may stop on surprise"
)]

use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anteroom_domain::visit::Publish;
use anteroom_protocol::media::{MediaFromClient, MediaFromServer, Slot, SlotDirection, Source};
use anteroom_sfu::{Config, Event, Limits, ParticipantId, RoomId, Sfu, SfuHandle};
use mio::net::UdpSocket;
use mio::{Events, Interest, Poll, Token};
use str0m::change::SdpOffer;
use str0m::format::Codec;
use str0m::media::{Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpWrite, SeqNo};
use str0m::{Candidate, Input, Output, Rtc};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

const FRAME: Duration = Duration::from_nanos(33_333_333);
const PACKETS_PER_FRAME: usize = 6;
const VIDEO_PAYLOAD: usize = 1041;
const SOUND: Duration = Duration::from_millis(20);
const SOUND_PAYLOAD: usize = 80;

#[expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
fn now() -> Instant {
    Instant::now()
}

struct Options {
    rooms: usize,
    people: usize,
    seconds: u64,
    feedback: bool,
}

fn options() -> Options {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|a| a == name)?;
        arguments.get(at + 1)?.parse::<usize>().ok()
    };
    let full = arguments.iter().any(|a| a == "--bench");
    Options {
        rooms: value("--rooms").unwrap_or(if full { 50 } else { 1 }),
        people: value("--people").unwrap_or(2),
        seconds: value("--seconds").map_or(if full { 10 } else { 1 }, |s| s as u64),
        feedback: arguments.iter().any(|a| a == "--feedback"),
    }
}

struct Client {
    room: RoomId,
    id: ParticipantId,
    rtc: Rtc,
    socket: UdpSocket,
    address: SocketAddr,
    events: mpsc::Receiver<Event>,
    slots: Vec<Slot>,
    due: Instant,
    next_video: Instant,
    next_sound: Instant,
    places: Vec<(Source, Mid, Pt, u64)>,
    connected: bool,
}

#[derive(Default)]
struct Measured {
    sent: u64,
    received: u64,
    received_bytes: u64,
    delays_us: Vec<u32>,
}

impl Client {
    fn new(runtime: &Runtime, handle: &SfuHandle, room: usize, person: usize, poll: &Poll, token: Token) -> Self {
        let mut socket = UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = socket.local_addr().unwrap();
        poll.registry()
            .register(&mut socket, token, Interest::READABLE)
            .unwrap();
        let start = now();
        let mut rtc = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_h264(true)
            .build(start);
        rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
        let (sender, events) = mpsc::channel(256);
        let (room, id) = (
            RoomId(i64::try_from(room).unwrap()),
            ParticipantId(i64::try_from(person).unwrap()),
        );
        runtime.block_on(handle.enter(room, id, Publish::All, sender)).unwrap();
        handle.media(room, id, MediaFromClient::Join);
        // People do not speak in step, nor do cameras take frames in step.
        let skew = Duration::from_micros(token.0 as u64 * 7919 % 33_000);
        Self {
            room,
            id,
            rtc,
            socket,
            address,
            events,
            slots: vec![],
            due: start,
            next_video: start + skew,
            next_sound: start + skew,
            places: vec![],
            connected: false,
        }
    }

    fn signal(&mut self, handle: &SfuHandle) {
        while let Ok(Event::Media(message)) = self.events.try_recv() {
            match message {
                MediaFromServer::Offer { n, sdp, slots } => {
                    let answer = self
                        .rtc
                        .sdp_api()
                        .accept_offer(SdpOffer::from_sdp_string(&sdp).unwrap())
                        .unwrap();
                    self.slots = slots;
                    let sdp = answer.to_sdp_string();
                    handle.media(self.room, self.id, MediaFromClient::Answer { n, sdp });
                    self.places = self.places();
                    self.drain();
                }
                MediaFromServer::Connected => self.connected = true,
                MediaFromServer::Gone { reason } => println!("gone: {reason}"),
                MediaFromServer::Quality { .. } => {}
            }
        }
    }

    fn places(&self) -> Vec<(Source, Mid, Pt, u64)> {
        let params = self.rtc.codec_config().params();
        let pt = |codec| params.iter().find(|p| p.spec().codec == codec).unwrap().pt();
        let of = |slot: &Slot| {
            let (codec, source) = match slot.source {
                Source::Microphone => (Codec::Opus, slot.source),
                _ => (Codec::Vp8, slot.source),
            };
            let mid = Mid::from(slot.mid.as_str());
            let sequence = self.places.iter().find(|p| p.1 == mid).map_or(1, |p| p.3);
            (slot.direction == SlotDirection::Send).then_some((source, mid, pt(codec), sequence))
        };
        self.slots.iter().filter_map(of).collect()
    }

    fn send(&mut self, start: Instant, measured: &mut Measured) {
        let at = now();
        if !self.connected {
            return;
        }
        for index in 0..self.places.len() {
            let (source, mid, pt, _) = self.places[index];
            let (next, every, packets, size) = if source == Source::Microphone {
                (&mut self.next_sound, SOUND, 1, SOUND_PAYLOAD)
            } else {
                (&mut self.next_video, FRAME, PACKETS_PER_FRAME, VIDEO_PAYLOAD)
            };
            if *next > at {
                continue;
            }
            *next = (*next + every).max(at.checked_sub(every).unwrap());
            for part in 0..packets {
                let mut payload = vec![1; size];
                payload[0] = if part == 0 { 0x10 } else { 0 };
                let sequence = SeqNo::from(self.places[index].3);
                self.places[index].3 += 1;
                let sent = now();
                let time = u32::try_from((sent - start).as_micros()).unwrap();
                let write = RtpWrite::new(pt, sequence, time, sent, payload).marker(part + 1 == packets);
                if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, None) {
                    stream.write_rtp(write.nackable(source != Source::Microphone));
                    measured.sent += 1;
                }
                self.rtc.handle_input(Input::Timeout(sent)).unwrap();
                self.drain();
            }
        }
    }

    fn receive(&mut self, start: Instant, server: SocketAddr, feedback: bool, measured: &mut Measured) {
        let mut packet = [0; 2048];
        loop {
            let (length, from) = match self.socket.recv_from(&mut packet) {
                Ok(got) => got,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => continue,
            };
            let bytes = &packet[..length];
            let at = now();
            let rtp = length > 12 && (128..192).contains(&bytes[0]) && !(64..96).contains(&(bytes[1] & 0x7f));
            if rtp && length > 60 {
                let sent = u32::from_be_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
                let passed = u32::try_from((at - start).as_micros()).unwrap();
                measured.received += 1;
                measured.received_bytes += length as u64;
                measured.delays_us.push(passed.saturating_sub(sent));
            }
            if rtp && !feedback {
                continue;
            }
            let Ok(contents) = bytes.try_into() else { continue };
            let receive = Receive {
                proto: Protocol::Udp,
                source: from,
                destination: self.address,
                contents,
            };
            debug_assert_eq!(from, server);
            self.rtc.handle_input(Input::Receive(at, receive)).unwrap();
            self.drain();
        }
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(at) => {
                    self.due = at;
                    return;
                }
                Output::Transmit(transmit) => {
                    // A full buffer is loss, and is counted as such.
                    let _sent = self.socket.send_to(&transmit.contents, transmit.destination);
                }
                Output::Event(_) => {}
            }
        }
    }
}

/// CPU time of the engine's thread; Linux counts it in hundredths of a second.
fn engine_cpu() -> Option<Duration> {
    for task in std::fs::read_dir("/proc/self/task").ok()?.flatten() {
        if std::fs::read_to_string(task.path().join("comm")).ok()?.trim() == "sfu" {
            let stat = std::fs::read_to_string(task.path().join("stat")).ok()?;
            let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
            let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
            return Some(Duration::from_millis(ticks * 10));
        }
    }
    None
}

fn resident_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

fn main() {
    let options = options();
    let config = Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        advertise: vec![],
        limits: Limits::default(),
    };
    let limits = Limits {
        rooms: 10_000,
        participants: 100_000,
        ..Limits::default()
    };
    let (sfu, handle) = Sfu::start(Config { limits, ..config }).unwrap();
    let server = sfu.local_addr();
    let before_mb = resident_mb().unwrap_or(0);
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let mut poll = Poll::new().unwrap();
    let mut clients: Vec<Client> = vec![];
    for room in 0..options.rooms {
        for person in 0..options.people {
            let token = Token(clients.len());
            clients.push(Client::new(&runtime, &handle, room, person, &poll, token));
        }
    }
    let start = now();
    let mut measured = Measured::default();
    let mut events = Events::with_capacity(1024);
    let expected_lines = (options.people - 1) * 2;
    let (mut began, mut cpu_before) = (None, Duration::ZERO);
    loop {
        let at = now();
        let wake = |c: &Client| {
            if c.connected {
                c.due.min(c.next_video).min(c.next_sound)
            } else {
                c.due
            }
        };
        let wait = clients.iter().map(wake).min().unwrap().saturating_duration_since(at);
        poll.poll(&mut events, Some(wait.min(Duration::from_millis(5))))
            .unwrap();
        for event in &events {
            clients[event.token().0].receive(start, server, options.feedback, &mut measured);
        }
        for client in &mut clients {
            if began.is_none() || !client.events.is_empty() {
                client.signal(&handle);
            }
            client.send(start, &mut measured);
            let at = now();
            if client.due <= at {
                client.rtc.handle_input(Input::Timeout(at)).unwrap();
                client.drain();
            }
        }
        let ready = |c: &Client| {
            let receives = c
                .slots
                .iter()
                .filter(|slot| slot.direction != SlotDirection::Send)
                .count();
            c.connected && receives == expected_lines
        };
        let at = now();
        match began {
            // A second to settle once everybody is in.
            None if clients.iter().all(ready) => began = Some(at + Duration::from_secs(1)),
            None if at - start > Duration::from_mins(1) => {
                println!("not everybody got in within a minute");
                return;
            }
            Some(began) if at >= began && cpu_before.is_zero() => {
                cpu_before = engine_cpu()
                    .unwrap_or(Duration::from_nanos(1))
                    .max(Duration::from_nanos(1));
                measured = Measured::default();
            }
            Some(began) if at >= began + Duration::from_secs(options.seconds) => break,
            _ => {}
        }
    }
    let cpu = engine_cpu().unwrap_or_default().saturating_sub(cpu_before);
    report(&options, measured, cpu, before_mb);
    sfu.shutdown();
    let rooms: HashMap<RoomId, usize> = clients.iter().map(|c| (c.room, 1)).collect();
    debug_assert_eq!(rooms.len(), options.rooms);
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a part of a length is an index"
)]
fn report(options: &Options, mut measured: Measured, cpu: Duration, before_mb: u64) {
    let seconds = options.seconds as f64;
    let people = (options.rooms * options.people) as f64;
    let sent = measured.sent as f64;
    let (received, bytes) = (measured.received as f64, measured.received_bytes as f64);
    let expected = sent * (options.people - 1) as f64;
    let lost = if expected > 0.0 {
        (1.0 - received / expected).max(0.0) * 100.0
    } else {
        0.0
    };
    measured.delays_us.sort_unstable();
    let delay = |part: f64| {
        let at = (measured.delays_us.len() as f64 * part) as usize;
        f64::from(measured.delays_us.get(at).copied().unwrap_or(0)) / 1000.0
    };
    let cpu_s = cpu.as_secs_f64();
    println!(
        "rooms                 {} of {} ({} s)",
        options.rooms, options.people, options.seconds
    );
    println!("feedback              {}", options.feedback);
    println!("packets in            {:.0} /s", sent / seconds);
    println!("packets out           {:.0} /s", received / seconds);
    println!("out                   {:.1} Mbit/s", bytes * 8.0 / seconds / 1e6);
    println!("lost                  {lost:.2} %");
    println!("engine CPU            {:.1} % of a core", cpu_s / seconds * 100.0);
    println!(
        "CPU per room          {:.2} % of a core",
        cpu_s / seconds * 100.0 / options.rooms as f64
    );
    println!("CPU per packet out    {:.1} us", cpu_s * 1e6 / received.max(1.0));
    println!(
        "delay p50/p95/p99     {:.2} / {:.2} / {:.2} ms",
        delay(0.5),
        delay(0.95),
        delay(0.99)
    );
    let mb = resident_mb().unwrap_or(0).saturating_sub(before_mb) as f64;
    println!(
        "memory per person     {:.2} MB (engine and generator together)",
        mb / people
    );
}
