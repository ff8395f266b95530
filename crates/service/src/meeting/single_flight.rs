use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

/// Of several who want the same thing at once, one does it, and the others have what came of it. Where the one goes away
/// before it is done, the next of them takes over.
pub(crate) struct SingleFlight<K, T>(Mutex<HashMap<K, Arc<OnceCell<T>>>>);

impl<K, T> Default for SingleFlight<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, T: Clone> SingleFlight<K, T> {
    pub async fn share<Work: Future<Output = T>>(&self, key: K, work: impl FnOnce() -> Work) -> T {
        let flight = {
            let mut single_flight = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // What is done is done, and what nobody waits for any more is nobody's.
            single_flight.retain(|_, flight| !flight.initialized() && Arc::strong_count(flight) > 1);
            Arc::clone(single_flight.entry(key).or_default())
        };
        flight.get_or_init(work).await.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn who_comes_meanwhile_shares_and_who_comes_later_does_it_anew() {
        let (single_flight, runs) = (SingleFlight::default(), AtomicU32::new(0));
        let work = async || {
            tokio::task::yield_now().await;
            runs.fetch_add(1, Ordering::Relaxed)
        };
        let (a, b, other) = tokio::join!(
            single_flight.share(1, work),
            single_flight.share(1, work),
            single_flight.share(2, work)
        );
        assert_eq!(a, b);
        assert_ne!(a, other);
        assert_eq!(single_flight.share(1, work).await, 2);
    }

    #[tokio::test]
    async fn the_next_takes_over_from_one_who_went_away() {
        let single_flight = SingleFlight::default();
        let mut first = Box::pin(single_flight.share((), async || std::future::pending::<u8>().await));
        assert!(futures_poll(&mut first).await);
        let second = single_flight.share((), async || 7);
        tokio::pin!(second);
        assert!(futures_poll(&mut second).await);
        drop(first);
        assert_eq!(second.await, 7);
    }

    /// Polls once; true: it still waits.
    async fn futures_poll<T>(future: &mut (impl Future<Output = T> + Unpin)) -> bool {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())
        })
        .await
    }
}
