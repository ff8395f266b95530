//! Permits for connections. Where one address, or all together, hold too many, the connection that has been idle for
//! longest is evicted: a client keeps its permit by using it.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::ConnectionLimits;
use crate::address::{group, is_near};

/// A client that takes longer than this for its answer may be evicted too, where none is idle.
const SLOW: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub struct Permits {
    limits: ConnectionLimits,
    /// Then a peer on this machine, or in the network of its containers, is the proxy, which connects for any number of
    /// people.
    behind_proxy: bool,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    last: u64,
    /// In the order in which they were acquired.
    holders: BTreeMap<u64, Holder>,
    of_address: HashMap<String, usize>,
}

#[derive(Debug)]
struct Holder {
    /// None for the proxy.
    address: Option<String>,
    activity: Activity,
    since: Instant,
    evicted: CancellationToken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Activity {
    /// No request yet, or every request is answered.
    Idle,
    Answering,
    /// A WebSocket. Its own protocol says how long it may be silent.
    Socket,
}

/// One connection's permit; dropping it frees it.
#[derive(Debug)]
pub struct Permit {
    permits: Arc<Permits>,
    number: u64,
    is_of_proxy: bool,
    evicted: CancellationToken,
}

impl Permits {
    pub fn new(limits: ConnectionLimits, behind_proxy: bool) -> Arc<Self> {
        Arc::new(Self {
            limits,
            behind_proxy,
            held: Mutex::default(),
        })
    }

    /// None where too many are held, and every one of them is in use.
    pub fn acquire(self: &Arc<Self>, peer: SocketAddr, now: Instant) -> Option<Permit> {
        let address = (!self.is_of_proxy(peer.ip())).then(|| group(peer.ip()));
        let mut held = self.held();
        let of_address = address.as_ref().and_then(|address| held.of_address.get(address));
        if of_address.is_some_and(|count| *count >= self.limits.of_one_address) {
            held.evict_one(address.as_deref(), now)?;
        } else if held.holders.len() >= self.limits.connections {
            held.evict_one(None, now)?;
        }
        held.last += 1;
        let number = held.last;
        let evicted = CancellationToken::new();
        if let Some(address) = &address {
            *held.of_address.entry(address.clone()).or_default() += 1;
        }
        let is_of_proxy = address.is_none();
        let holder = Holder {
            address,
            activity: Activity::Idle,
            since: now,
            evicted: evicted.clone(),
        };
        held.holders.insert(number, holder);
        Some(Permit {
            permits: self.clone(),
            number,
            is_of_proxy,
            evicted,
        })
    }

    fn is_of_proxy(&self, address: IpAddr) -> bool {
        self.behind_proxy && is_near(address)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Evicts one connection: of this address, or of all.
    fn evict_one(&mut self, address: Option<&str>, now: Instant) -> Option<()> {
        let is_evictable = |holder: &&Holder| match holder.activity {
            Activity::Idle => true,
            Activity::Answering => now.duration_since(holder.since) >= SLOW,
            Activity::Socket => false,
        };
        let (number, holder) = self
            .holders
            .iter()
            .filter(|(_, holder)| address.is_none() || holder.address.as_deref() == address)
            .filter(|(_, holder)| is_evictable(holder))
            .min_by_key(|(_, holder)| (holder.activity, holder.since))?;
        holder.evicted.cancel();
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
    pub fn is_of_proxy(&self) -> bool {
        self.is_of_proxy
    }

    /// The head of a request has arrived.
    pub fn request_started(&self) {
        self.set_activity(Activity::Answering);
    }

    pub fn response_finished(&self) {
        self.set_activity(Activity::Idle);
    }

    pub fn upgraded(&self) {
        self.set_activity(Activity::Socket);
    }

    fn set_activity(&self, activity: Activity) {
        if let Some(holder) = self.permits.held().holders.get_mut(&self.number)
            && holder.activity != Activity::Socket
        {
            holder.activity = activity;
            holder.since = Instant::now();
        }
    }

    /// Completes when another connection takes this permit.
    pub async fn evicted(&self) {
        self.evicted.cancelled().await;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.permits.held().remove(self.number);
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

    fn is_evicted(permit: &Permit) -> bool {
        permit.evicted.is_cancelled()
    }

    #[tokio::test]
    async fn the_longest_idle_of_a_crowded_address_is_evicted_and_others_are_left_alone() {
        let permits = permits(100, 3);
        let now = Instant::now();
        let other = permits.acquire(peer(1), now).unwrap();
        let crowd: Vec<Permit> = (0..3).map(|_| permits.acquire(peer(2), now).unwrap()).collect();
        crowd[0].request_started();
        let fourth = permits.acquire(peer(2), now).unwrap();
        assert_eq!(crowd.iter().map(is_evicted).collect::<Vec<_>>(), [false, true, false]);
        assert!(!is_evicted(&other) && !is_evicted(&fourth));
        // Dropping an evicted permit frees nothing a second time.
        drop(crowd);
        let again: Vec<Permit> = (0..2).map(|_| permits.acquire(peer(2), now).unwrap()).collect();
        assert!(!is_evicted(&fourth) && again.len() == 2);
        permits.acquire(peer(2), now).unwrap();
        assert!(is_evicted(&fourth));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_is_answered_stays_until_it_is_slow_and_a_socket_stays() {
        let permits = permits(2, 2);
        let first = permits.acquire(peer(1), Instant::now()).unwrap();
        let socket = permits.acquire(peer(2), Instant::now()).unwrap();
        first.request_started();
        socket.request_started();
        socket.upgraded();
        // The empty body of the answer that upgraded it.
        socket.response_finished();
        assert!(permits.acquire(peer(3), Instant::now()).is_none());
        tokio::time::advance(SLOW).await;
        let third = permits.acquire(peer(3), Instant::now()).unwrap();
        assert!(is_evicted(&first) && !is_evicted(&socket) && !is_evicted(&third));
        // A late report of an evicted permit changes nothing.
        first.response_finished();
        assert_eq!(permits.held().holders.len(), 2);
        drop((first, socket, third));
        let held = permits.held();
        assert!(held.holders.is_empty() && held.of_address.is_empty());
    }

    #[tokio::test]
    async fn a_proxy_may_hold_any_number_for_its_people() {
        let limits = ConnectionLimits {
            of_one_address: 1,
            ..ConnectionLimits::default()
        };
        let permits = Permits::new(limits, true);
        let near: SocketAddr = ([172, 18, 0, 2], 4711).into();
        let of_proxy: Vec<Permit> = (0..5).map(|_| permits.acquire(near, Instant::now()).unwrap()).collect();
        assert!(
            of_proxy
                .iter()
                .all(|permit| permit.is_of_proxy() && !is_evicted(permit))
        );
        let first = permits.acquire(peer(9), Instant::now()).unwrap();
        let _second = permits.acquire(peer(9), Instant::now()).unwrap();
        assert!(is_evicted(&first) && !first.is_of_proxy());
    }
}
