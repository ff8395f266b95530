//! Whose turn it is to have a password hashed. argon2 wants 19 MiB and a core for each: as many at once as there are
//! cores, a few wait, and whoever comes after those is asked to come again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// At some 20 ms a hash, who is last waits for a second or two.
const MOST: usize = 128;
/// Of them, from one place: nobody's crowd keeps the others out.
const MOST_OF_ONE: usize = 16;

pub struct Queue {
    turns: Semaphore,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    all: usize,
    of: HashMap<String, usize>,
}

/// A place in the queue, given up when it is dropped.
pub struct QueuePlace<'a> {
    queue: &'a Queue,
    from: String,
}

impl Queue {
    pub fn new(at_once: usize) -> Self {
        Self {
            turns: Semaphore::new(at_once),
            waiting: Mutex::default(),
        }
    }

    /// None where too many are there already.
    pub fn enter(&self, from: &str) -> Option<QueuePlace<'_>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let of = waiting.of.get(from).copied().unwrap_or_default();
        if MOST <= waiting.all || MOST_OF_ONE <= of {
            return None;
        }
        waiting.all += 1;
        waiting.of.insert(from.to_owned(), of + 1);
        Some(QueuePlace {
            queue: self,
            from: from.to_owned(),
        })
    }

    /// For those who have proved who they are: they wait as long as it takes.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>, tokio::sync::AcquireError> {
        self.turns.acquire().await
    }
}

impl Drop for QueuePlace<'_> {
    fn drop(&mut self) {
        let mut waiting = self.queue.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.all = waiting.all.saturating_sub(1);
        if let Some(of) = waiting.of.get_mut(&self.from) {
            *of -= 1;
            if *of == 0 {
                waiting.of.remove(&self.from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_from_one_place_leaves_room_for_others() {
        let queue = Queue::new(1);
        let crowd: Vec<_> = (0..1000).filter_map(|_| queue.enter("a")).collect();
        assert_eq!(crowd.len(), MOST_OF_ONE);
        let mut others: Vec<_> = (0..1000).filter_map(|n| queue.enter(&n.to_string())).collect();
        assert_eq!(crowd.len() + others.len(), MOST);
        others.pop();
        assert!(queue.enter("a").is_none());
        assert!(queue.enter("b").is_some());
        drop((crowd, others));
        let waiting = queue.waiting.lock().unwrap();
        assert_eq!((waiting.all, waiting.of.len()), (0, 0));
    }
}
