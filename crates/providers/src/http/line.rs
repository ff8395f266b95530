use std::sync::Arc;
use std::time::Duration;

use anteroom_service::port::{Clock, Entropy};
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

use super::answer::Answer;
use super::breaker::{Breaker, Shut};
use super::client::{Http, Request, host};
use super::failure::Failure;

/// To one host: asks again where that may help, and leaves it alone where it does not.
pub(crate) struct Line {
    host: String,
    http: Http,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    breaker: Breaker,
}

impl Line {
    pub fn new(http: Http, url: &Url, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            host: host(url),
            http,
            clock,
            entropy,
            breaker: Breaker::default(),
        }
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// `request` makes each attempt's own, for each is signed with its time; where that fails nothing is asked. `read`
    /// makes sense of an answer, or a failure of it. All of it takes no longer than the patience in total.
    pub async fn ask<T, Making>(
        &self,
        request: impl Fn() -> Making,
        read: impl Fn(&Answer) -> Result<T, Failure>,
    ) -> Result<T, Failure>
    where
        Making: Future<Output = Result<Request, Failure>>,
    {
        let patience = self.http.patience();
        let deadline = Instant::now() + patience.total;
        let mut pause = patience.pause;
        for attempt in 1.. {
            // It may have to ask for a token first: that is part of the wait, too.
            let Ok(request) = timeout_at(deadline, request()).await else {
                break;
            };
            let request = request?;
            let failure = match self.breaker.enter(Instant::now()) {
                Err(Shut::Broken(why)) => return Err(why),
                Err(Shut::Quiet(left)) => Failure::Throttled {
                    host: self.host.clone(),
                    retry_after: Some(left),
                },
                Ok(pass) => {
                    let sent = timeout_at(deadline, self.http.send(request)).await;
                    let result = match sent {
                        Ok(answer) => answer.and_then(|answer| read(&answer)),
                        Err(_) => Err(Failure::TimedOut {
                            host: self.host.clone(),
                        }),
                    };
                    pass.settle(result.as_ref().err(), Instant::now());
                    match result {
                        Ok(value) => return Ok(value),
                        Err(failure) => failure,
                    }
                }
            };
            let wait = match failure.retry_after() {
                Some(time) => time + self.share_of(pause),
                None => pause / 2 + self.share_of(pause / 2),
            };
            let is_over = attempt >= patience.attempts || Instant::now() + wait >= deadline;
            if is_over || !failure.is_passing() {
                return Err(failure);
            }
            tracing::debug!(host = self.host, attempt, %failure, "asks again");
            sleep(wait).await;
            pause *= 2;
        }
        Err(Failure::TimedOut {
            host: self.host.clone(),
        })
    }

    /// So that those who failed together do not come back together.
    fn share_of(&self, time: Duration) -> Duration {
        let mut byte = [0];
        self.entropy.fill(&mut byte);
        time.mul_f64(f64::from(byte[0]) / 255.0)
    }
}
