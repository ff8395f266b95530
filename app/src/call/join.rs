//! The requests of a meeting to the server, for a seat and with a rating. The page makes them: a meeting knows nothing of
//! invitations, sign-ins and server functions.

use std::{future::Future, pin::Pin, sync::Arc};

use anteroom_domain::id::ConsentId;
pub use anteroom_protocol::seat::SeatToken;

/// The person's answers on the pre-join screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRequest {
    pub name: String,
    /// The version of the text that the person agreed to.
    pub consent: Option<ConsentId>,
}

/// Asks for a seat. A POST after a person's click; never called by a page load.
pub type Join = Ask<JoinRequest, SeatToken>;

/// Sends a rating of one to five stars.
pub type Rate = Ask<u8, ()>;

type Asking<A> = Pin<Box<dyn Future<Output = Result<A, String>> + Send>>;

/// A request to the server, which the page makes from the call of a server function. An error is a sentence for the person.
///
/// ```ignore
/// let join = Join::new(move |request| {
///     let secret = secret.clone();
///     async move { guest_join(secret, request.name).await.map_err(|error| error.sentence()) }
/// });
/// ```
pub struct Ask<Q, A>(Arc<dyn Fn(Q) -> Asking<A> + Send + Sync>);

impl<Q, A> Clone for Ask<Q, A> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<Q, A> Ask<Q, A> {
    pub fn new<F, Fut>(ask: F) -> Self
    where
        F: Fn(Q) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<A, String>> + Send + 'static,
    {
        Self(Arc::new(move |question| Box::pin(ask(question))))
    }

    pub async fn ask(&self, question: Q) -> Result<A, String> {
        (self.0)(question).await
    }
}
