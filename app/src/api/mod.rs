//! The server functions: thin public endpoints, a file each. They authorise, call one use case and map its error. None
//! of those reached by GET changes anything. Forms are no server functions: they are posted by the browser itself and
//! answered with a page (see [`form_state`]).

pub mod consultation;
mod error;
mod flash;
mod form_state;
pub mod guest;
pub mod job;
#[cfg(feature = "ssr")]
mod lead;
pub mod lobby;
pub mod organisation;
#[cfg(feature = "ssr")]
pub mod rate_limit;
pub mod report;
mod request_id;
pub mod session;
pub mod zones;

pub use error::ApiError;
pub use flash::{Flash, just_done};
#[cfg(feature = "ssr")]
pub use form_state::{Base, CanonicalPath, JoinsTeams, form_state};
pub use form_state::{FormState, FreshLink, LinkOf, RefusedHere, refused_here};
pub use request_id::RequestId;

#[cfg(feature = "ssr")]
pub(crate) mod context {
    //! What a server function finds around it.

    use anteroom_service::{Actor, UseCases};
    use http::StatusCode;
    use http::request::Parts;
    use leptos::prelude::use_context;

    use super::ApiError;
    use super::error::answer;
    use super::lead::lead;
    use crate::paths;

    pub fn use_cases() -> Result<UseCases, ApiError> {
        use_context::<UseCases>().ok_or_else(ApiError::internal)
    }

    pub fn parts() -> Result<Parts, ApiError> {
        use_context::<Parts>().ok_or_else(ApiError::internal)
    }

    /// Who has signed in. Where nobody has, who asks for a page is led to the sign-in page and back. A script is only
    /// told: whatever its page shows, or a person is typing there, stays.
    pub fn actor() -> Result<Actor, ApiError> {
        let parts = parts()?;
        if let Some(actor) = parts.extensions.get::<Actor>() {
            return Ok(actor.clone());
        }
        let next = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        if next.starts_with("/api/") {
            answer(StatusCode::UNAUTHORIZED);
            return Err(ApiError::SignedOut);
        }
        lead(&paths::sign_in_then(paths::safe_next(&next)), StatusCode::UNAUTHORIZED);
        Err(ApiError::SignedOut)
    }
}
