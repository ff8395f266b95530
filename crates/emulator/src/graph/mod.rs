//! The Graph calls for a meeting.

pub mod error;
mod meeting;
mod request;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, post};
use axum::{Json, Router};
use bytes::Bytes;

use self::error::GraphError;
use self::request::{CreateOrGet, Update};
use crate::gate::gate;
use crate::inspect::Meeting;
use crate::operation::Operation;
use crate::world::{Shared, World};

pub const ROLE: &str = "OnlineMeetings.ReadWrite.All";

pub fn routes(shared: &Shared) -> Router {
    let through =
        |operation, route: MethodRouter<Shared>| route.layer(from_fn_with_state((shared.clone(), operation), gate));
    let one = through(Operation::GetMeeting, axum::routing::get(show))
        .merge(through(Operation::UpdateMeeting, axum::routing::patch(update)))
        .merge(through(Operation::DeleteMeeting, delete(remove)));
    Router::new()
        .route(
            "/v1.0/users/{user}/onlineMeetings/createOrGet",
            through(Operation::CreateOrGetMeeting, post(create_or_get)),
        )
        .route("/v1.0/users/{user}/onlineMeetings/{meeting}", one)
        .with_state(shared.clone())
}

/// An application with a good token. Whose meetings it may touch is asked next.
struct Application(String);

impl FromRequestParts<Shared> for Application {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Response> {
        authorise(parts, shared).map_err(|error| {
            shared.refuse(&parts.extensions, &format!("{error:?}"));
            error.answer(shared)
        })
    }
}

fn authorise(parts: &Parts, shared: &Shared) -> Result<Application, GraphError> {
    let token = parts
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(GraphError::no_token)?;
    let now = shared.now();
    let world = shared.world();
    let audience = shared.setup().cloud.graph();
    let bearer = world.bearers.check(token, audience, now).map_err(GraphError::token)?;
    if !bearer.roles.contains(&ROLE) {
        return Err(GraphError::no_role());
    }
    Ok(Application(bearer.application.clone()))
}

async fn create_or_get(
    State(shared): State<Shared>,
    Path(user): Path<String>,
    application: Application,
    body: Bytes,
) -> Response {
    answer(&shared, || {
        let now = shared.now();
        let mut world = shared.world();
        may(&world, &application, &user, "Create")?;
        let wanted = CreateOrGet::read(&body, now)?;
        if let Some(there) = world.meetings.iter().find(|meeting| {
            meeting.user == user && meeting.external_id == wanted.external_id && meeting.deleted_at.is_none()
        }) {
            return Ok((StatusCode::OK, Json(meeting::shown(there, shared.setup()))).into_response());
        }
        let made = meeting::make(&mut world.random, shared.setup(), &user, wanted, now);
        let shown = meeting::shown(&made, shared.setup());
        world.meetings.push(made);
        Ok((StatusCode::CREATED, Json(shown)).into_response())
    })
}

async fn show(
    State(shared): State<Shared>,
    Path((user, id)): Path<(String, String)>,
    application: Application,
) -> Response {
    answer(&shared, || {
        let mut world = shared.world();
        may(&world, &application, &user, "Get")?;
        let meeting = find(&mut world, &user, &id)?;
        Ok(Json(meeting::shown(meeting, shared.setup())).into_response())
    })
}

async fn update(
    State(shared): State<Shared>,
    Path((user, id)): Path<(String, String)>,
    application: Application,
    body: Bytes,
) -> Response {
    answer(&shared, || {
        let mut world = shared.world();
        may(&world, &application, &user, "Update")?;
        let meeting = find(&mut world, &user, &id)?;
        Update::read(&body)?.apply(meeting);
        Ok(Json(meeting::shown(meeting, shared.setup())).into_response())
    })
}

async fn remove(
    State(shared): State<Shared>,
    Path((user, id)): Path<(String, String)>,
    application: Application,
) -> Response {
    answer(&shared, || {
        let now = shared.now();
        let mut world = shared.world();
        may(&world, &application, &user, "Delete")?;
        find(&mut world, &user, &id)?.deleted_at = Some(now);
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

fn answer(shared: &Shared, work: impl FnOnce() -> Result<Response, GraphError>) -> Response {
    work().unwrap_or_else(|error| error.answer(shared))
}

/// Is there such a user, and does an access policy let the application act for them?
fn may(world: &World, application: &Application, user: &str, verb: &str) -> Result<(), GraphError> {
    if !world.tenant.users.contains(user) {
        return Err(GraphError::no_user());
    }
    if !world.tenant.access_policy.covers(user) {
        return Err(GraphError::no_policy(
            world.tenant.policy_wording,
            &application.0,
            user,
            verb,
        ));
    }
    Ok(())
}

fn find<'world>(world: &'world mut World, user: &str, id: &str) -> Result<&'world mut Meeting, GraphError> {
    world
        .meetings
        .iter_mut()
        .find(|meeting| meeting.id == id && meeting.user == user && meeting.deleted_at.is_none())
        .ok_or_else(GraphError::no_meeting)
}
