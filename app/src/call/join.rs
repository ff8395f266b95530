//! How a page lets a person in: it hands the meeting a [`Join`], and that is all the meeting knows about invitations,
//! sign-ins and server functions.

use std::{future::Future, pin::Pin, sync::Arc};

use anteroom_domain::id::ConsentId;
pub use anteroom_domain::signalling::SeatGrant;

/// What the person said on the pre-join screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRequest {
    pub name: String,
    /// The version of the text that they agreed to.
    pub consent: Option<ConsentId>,
}

type Joining = Pin<Box<dyn Future<Output = Result<SeatGrant, String>> + Send>>;

/// Performs a join; the page makes it from a server function call. An error is a sentence for the person.
///
/// ```ignore
/// let join = Join::new(move |request| {
///     let secret = secret.clone();
///     async move { guest_join(secret, request.name).await.map_err(|error| error.sentence()) }
/// });
/// ```
#[derive(Clone)]
pub struct Join(Arc<dyn Fn(JoinRequest) -> Joining + Send + Sync>);

impl Join {
    pub fn new<F, Fut>(join: F) -> Self
    where
        F: Fn(JoinRequest) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<SeatGrant, String>> + Send + 'static,
    {
        Self(Arc::new(move |request| Box::pin(join(request))))
    }

    /// Asks for a seat. A POST after a person's click; never called by a page load.
    pub async fn ask(&self, request: JoinRequest) -> Result<SeatGrant, String> {
        (self.0)(request).await
    }
}
