//! Who has a place among the connections. Where there is none left, of one address or at all, whoever has said nothing for
//! longest makes room: a place must be worth something to keep it.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::ConnectionLimits;
use crate::address::{group, is_near};

/// Whoever takes an answer for longer than this may have to make room too, where nobody is idle.
const SLOW: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub struct Permits {
    limits: ConnectionLimits,
    /// Then what comes from this machine, or from the network of its containers, is the proxy's, for any number of
    /// people.
    behind_proxy: bool,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    last: u64,
    /// In the order in which they came.
    holders: BTreeMap<u64, Holder>,
    of_address: HashMap<String, usize>,
}

#[derive(Debug)]
struct Holder {
    /// None where it is the proxy.
    address: Option<String>,
    stand: Activity,
    since: Instant,
    sent_away: CancellationToken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Activity {
    /// Nothing was asked yet, or everything is answered.
    Idle,
    Answering,
    /// A socket of a page. Its own rules say how long it may say nothing.
    Socket,
}

/// One connection's place, given up when dropped.
#[derive(Debug)]
pub struct Permit {
    permits: Arc<Permits>,
    number: u64,
    is_proxys: bool,
    sent_away: CancellationToken,
}

impl Permits {
    pub fn new(limits: ConnectionLimits, behind_proxy: bool) -> Arc<Self> {
        Arc::new(Self {
            limits,
            behind_proxy,
            taken: Mutex::default(),
        })
    }

    /// None where everybody who has a place is being served.
    pub fn enter(self: &Arc<Self>, peer: SocketAddr, now: Instant) -> Option<Permit> {
        let address = (!self.is_proxys(peer.ip())).then(|| group(peer.ip()));
        let mut taken = self.taken();
        let of_address = address.as_ref().and_then(|address| taken.of_address.get(address));
        if of_address.is_some_and(|count| self.limits.of_one_address <= *count) {
            taken.make_room(address.as_deref(), now)?;
        } else if self.limits.connections <= taken.holders.len() {
            taken.make_room(None, now)?;
        }
        taken.last += 1;
        let number = taken.last;
        let sent_away = CancellationToken::new();
        if let Some(address) = &address {
            *taken.of_address.entry(address.clone()).or_default() += 1;
        }
        let is_proxys = address.is_none();
        let holder = Holder {
            address,
            stand: Activity::Idle,
            since: now,
            sent_away: sent_away.clone(),
        };
        taken.holders.insert(number, holder);
        Some(Permit {
            permits: self.clone(),
            number,
            is_proxys,
            sent_away,
        })
    }

    fn is_proxys(&self, address: IpAddr) -> bool {
        self.behind_proxy && is_near(address)
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Sends one away: of this address, or of all.
    fn make_room(&mut self, address: Option<&str>, now: Instant) -> Option<()> {
        let may_go = |holder: &&Holder| match holder.stand {
            Activity::Idle => true,
            Activity::Answering => SLOW <= now.duration_since(holder.since),
            Activity::Socket => false,
        };
        let (number, holder) = self
            .holders
            .iter()
            .filter(|(_, holder)| address.is_none() || holder.address.as_deref() == address)
            .filter(|(_, holder)| may_go(holder))
            .min_by_key(|(_, holder)| (holder.stand, holder.since))?;
        holder.sent_away.cancel();
        let number = *number;
        self.remove(number);
        Some(())
    }

    fn remove(&mut self, number: u64) {
        let Some(Holder {
            address: Some(address), ..
        }) = self.holders.remove(&number)
        else {
            return;
        };
        if let Some(count) = self.of_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                self.of_address.remove(&address);
            }
        }
    }
}

impl Permit {
    pub fn is_proxys(&self) -> bool {
        self.is_proxys
    }

    /// A request has come whole, head and all.
    pub fn asks(&self) {
        self.stands(Activity::Answering);
    }

    pub fn is_answered(&self) {
        self.stands(Activity::Idle);
    }

    pub fn becomes_socket(&self) {
        self.stands(Activity::Socket);
    }

    fn stands(&self, stand: Activity) {
        if let Some(holder) = self.permits.taken().holders.get_mut(&self.number)
            && holder.stand != Activity::Socket
        {
            holder.stand = stand;
            holder.since = Instant::now();
        }
    }

    /// Fires when others need the place.
    pub async fn sent_away(&self) {
        self.sent_away.cancelled().await;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.permits.taken().remove(self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(connections: usize, of_one_address: usize) -> Arc<Permits> {
        let limits = ConnectionLimits {
            connections,
            of_one_address,
            ..ConnectionLimits::default()
        };
        Permits::new(limits, false)
    }

    fn peer(n: u8) -> SocketAddr {
        ([192, 0, 2, n], 4711).into()
    }

    fn is_gone(place: &Permit) -> bool {
        place.sent_away.is_cancelled()
    }

    #[tokio::test]
    async fn the_longest_idle_of_a_crowded_address_makes_room_and_others_are_left_alone() {
        let permits = permits(100, 3);
        let now = Instant::now();
        let other = permits.enter(peer(1), now).unwrap();
        let crowd: Vec<Permit> = (0..3).map(|_| permits.enter(peer(2), now).unwrap()).collect();
        crowd[0].asks();
        let fourth = permits.enter(peer(2), now).unwrap();
        assert_eq!(crowd.iter().map(is_gone).collect::<Vec<_>>(), [false, true, false]);
        assert!(!is_gone(&other) && !is_gone(&fourth));
        // A place that was taken back is not given up a second time.
        drop(crowd);
        let again: Vec<Permit> = (0..2).map(|_| permits.enter(peer(2), now).unwrap()).collect();
        assert!(!is_gone(&fourth) && again.len() == 2);
        permits.enter(peer(2), now).unwrap();
        assert!(is_gone(&fourth));
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_answered_stays_until_it_takes_too_long_and_a_socket_stays() {
        let permits = permits(2, 2);
        let first = permits.enter(peer(1), Instant::now()).unwrap();
        let socket = permits.enter(peer(2), Instant::now()).unwrap();
        first.asks();
        socket.asks();
        socket.becomes_socket();
        // The empty body of the answer that made it one.
        socket.is_answered();
        assert!(permits.enter(peer(3), Instant::now()).is_none());
        tokio::time::advance(SLOW).await;
        let third = permits.enter(peer(3), Instant::now()).unwrap();
        assert!(is_gone(&first) && !is_gone(&socket) && !is_gone(&third));
        // What comes late from one that was sent away changes nothing.
        first.is_answered();
        assert_eq!(permits.taken().holders.len(), 2);
        drop((first, socket, third));
        let taken = permits.taken();
        assert!(taken.holders.is_empty() && taken.of_address.is_empty());
    }

    #[tokio::test]
    async fn a_proxy_may_hold_any_number_for_its_people() {
        let limits = ConnectionLimits {
            of_one_address: 1,
            ..ConnectionLimits::default()
        };
        let permits = Permits::new(limits, true);
        let near: SocketAddr = ([172, 18, 0, 2], 4711).into();
        let held: Vec<Permit> = (0..5).map(|_| permits.enter(near, Instant::now()).unwrap()).collect();
        assert!(held.iter().all(|place| place.is_proxys() && !is_gone(place)));
        let first = permits.enter(peer(9), Instant::now()).unwrap();
        let _second = permits.enter(peer(9), Instant::now()).unwrap();
        assert!(is_gone(&first) && !first.is_proxys());
    }
}
