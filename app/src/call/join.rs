//! How a page lets a person in and hears how it was: it hands the meeting what to ask, and that is all the meeting knows
//! about invitations, sign-ins and server functions.

use std::{future::Future, pin::Pin, sync::Arc};

use anteroom_domain::id::ConsentId;
pub use anteroom_protocol::seat::SeatToken;

/// What the person said on the pre-join screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRequest {
    pub name: String,
    /// The version of the text that they agreed to.
    pub consent: Option<ConsentId>,
}

/// Asks for a seat. A POST after a person's click; never called by a page load.
pub type Join = Ask<JoinRequest, SeatToken>;

/// Says how many stars of five.
pub type Rate = Ask<u8, ()>;

type Asking<A> = Pin<Box<dyn Future<Output = Result<A, String>> + Send>>;

/// Something that is asked of the server; the page makes it from a server function call. An error is a sentence for the
/// person.
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
