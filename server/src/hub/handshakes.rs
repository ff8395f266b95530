//! Sockets that have not said hello. Nobody knows yet whose they are, so their number is limited. Beyond the limit the oldest
//! is evicted: a client of ours says hello at once, and is not the oldest.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// At 10 s each, some 50 a second come through. Each costs a buffer and a file descriptor.
const MAX_PENDING: usize = 512;
/// A branch is one network, and everybody there reloads after a restart.
const MAX_PENDING_OF_NETWORK: usize = 64;

#[derive(Clone, Debug, Default)]
pub struct Handshakes(Arc<Mutex<VecDeque<Arc<Pending>>>>);

#[derive(Debug)]
struct Pending {
    network: String,
    evicted: CancellationToken,
}

/// A socket's place among the pending handshakes; dropping it frees the place.
#[derive(Debug)]
pub struct Handshake {
    handshakes: Handshakes,
    pending: Arc<Pending>,
}

impl Handshakes {
    fn queue(&self) -> MutexGuard<'_, VecDeque<Arc<Pending>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a handshake. Where its network, or all of them together, have too many, the oldest one is evicted.
    pub fn register(&self, network: String) -> Handshake {
        let pending = Arc::new(Pending {
            network,
            evicted: CancellationToken::new(),
        });
        let mut queue = self.queue();
        let of_network = |other: &&Arc<Pending>| other.network == pending.network;
        let is_crowded = queue.iter().filter(of_network).count() >= MAX_PENDING_OF_NETWORK;
        let oldest = if is_crowded {
            queue.iter().position(|other| of_network(&other))
        } else {
            (queue.len() >= MAX_PENDING).then_some(0)
        };
        if let Some(oldest) = oldest.and_then(|at| queue.remove(at)) {
            oldest.evicted.cancel();
        }
        queue.push_back(pending.clone());
        drop(queue);
        Handshake {
            handshakes: self.clone(),
            pending,
        }
    }
}

impl Handshake {
    /// Completes when a newer handshake takes this one's place.
    pub async fn evicted(&self) {
        self.pending.evicted.cancelled().await;
    }
}

impl Drop for Handshake {
    fn drop(&mut self) {
        self.handshakes
            .queue()
            .retain(|other| !Arc::ptr_eq(other, &self.pending));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_a_crowded_network_is_evicted_and_other_networks_are_left_alone() {
        let handshakes = Handshakes::default();
        let other = handshakes.register("198.51.100.1".into());
        let mut crowd: Vec<Handshake> = (0..MAX_PENDING_OF_NETWORK)
            .map(|_| handshakes.register("192.0.2.1".into()))
            .collect();
        let is_evicted = |handshake: &Handshake| handshake.pending.evicted.is_cancelled();
        assert!(!crowd.iter().any(is_evicted));
        crowd.push(handshakes.register("192.0.2.1".into()));
        assert_eq!(crowd.iter().filter(|handshake| is_evicted(handshake)).count(), 1);
        assert!(is_evicted(&crowd[0]) && !is_evicted(&other));
        // A handshake that is over is no longer counted.
        crowd.truncate(2);
        crowd.push(handshakes.register("192.0.2.1".into()));
        assert!(!is_evicted(&crowd[1]));
        let many: Vec<Handshake> = (0..MAX_PENDING)
            .map(|n| handshakes.register(format!("10.0.0.{n}")))
            .collect();
        assert!(is_evicted(&other) && !many.iter().any(is_evicted));
        drop((many, crowd, other));
        assert!(handshakes.queue().is_empty());
    }
}
