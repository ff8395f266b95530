//! Sockets that have not said hello: nobody knows yet whose they are, so they are few. Where there are more, the oldest has
//! to go; a client of ours says hello at once and is not among those.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// At 10 s each, some 50 a second come through. Every one of them costs a buffer and a file.
const MOST: usize = 512;
/// Of one network: a branch, where everybody reloads after a restart.
const MOST_OF_NETWORK: usize = 64;

#[derive(Clone, Debug, Default)]
pub struct Handshakes(Arc<Mutex<VecDeque<Arc<Waiting>>>>);

#[derive(Debug)]
struct Waiting {
    network: String,
    evicted: CancellationToken,
}

/// A place at the door, given up when dropped.
#[derive(Debug)]
pub struct Handshake {
    handshakes: Handshakes,
    waiting: Arc<Waiting>,
}

impl Handshakes {
    fn queue(&self) -> MutexGuard<'_, VecDeque<Arc<Waiting>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn register(&self, network: String) -> Handshake {
        let waiting = Arc::new(Waiting {
            network,
            evicted: CancellationToken::new(),
        });
        let mut queue = self.queue();
        let of_network = |other: &&Arc<Waiting>| other.network == waiting.network;
        let is_crowded = queue.iter().filter(of_network).count() >= MOST_OF_NETWORK;
        let oldest = match is_crowded {
            true => queue.iter().position(|other| of_network(&other)),
            false => (queue.len() >= MOST).then_some(0),
        };
        if let Some(oldest) = oldest.and_then(|at| queue.remove(at)) {
            oldest.evicted.cancel();
        }
        queue.push_back(waiting.clone());
        drop(queue);
        Handshake {
            handshakes: self.clone(),
            waiting,
        }
    }
}

impl Handshake {
    /// Fires when others need the place.
    pub async fn evicted(&self) {
        self.waiting.evicted.cancelled().await;
    }
}

impl Drop for Handshake {
    fn drop(&mut self) {
        self.handshakes
            .queue()
            .retain(|other| !Arc::ptr_eq(other, &self.waiting));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_a_crowd_makes_room_and_other_networks_are_left_alone() {
        let handshakes = Handshakes::default();
        let other = handshakes.register("198.51.100.1".into());
        let mut crowd: Vec<Handshake> = (0..MOST_OF_NETWORK)
            .map(|_| handshakes.register("192.0.2.1".into()))
            .collect();
        let is_sent_away = |handshake: &Handshake| handshake.waiting.evicted.is_cancelled();
        assert!(!crowd.iter().any(is_sent_away));
        crowd.push(handshakes.register("192.0.2.1".into()));
        assert_eq!(crowd.iter().filter(|handshake| is_sent_away(handshake)).count(), 1);
        assert!(is_sent_away(&crowd[0]) && !is_sent_away(&other));
        // Who said hello or left is no longer counted.
        crowd.truncate(2);
        crowd.push(handshakes.register("192.0.2.1".into()));
        assert!(!is_sent_away(&crowd[1]));
        let many: Vec<Handshake> = (0..MOST).map(|n| handshakes.register(format!("10.0.0.{n}"))).collect();
        assert!(is_sent_away(&other) && !many.iter().any(is_sent_away));
        drop((many, crowd, other));
        assert!(handshakes.queue().is_empty());
    }
}
