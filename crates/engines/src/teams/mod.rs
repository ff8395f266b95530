//! Microsoft Teams: Azure Communication Services for guests, Entra for ourselves, Microsoft Graph for meetings.

pub mod acs;
pub mod entra;
mod error;
#[cfg(test)]
mod fuzz;
pub mod graph;

use std::sync::{Arc, Mutex, PoisonError};

use anteroom_domain::consultation::{Consultation, ExternalMeeting, ProvisionedMeeting};
use anteroom_domain::id::ConsultationId;
use anteroom_domain::refusal::EntryRefusal;
use anteroom_domain::teams::link::{Cloud, MeetingLink};
use anteroom_domain::trouble::Trouble;
use anteroom_domain::view::Health;
use anteroom_domain::visit::Role;
use anteroom_http::{Failure, Unanswered};
use anteroom_protocol::credentials::{Credentials, TeamsCredentials};
use anteroom_protocol::teams::{ChatOff, MeetingLocator, TeamsToken};
use anteroom_service::port::{
    Clock, Effect, EngineError, Issued, JoinRequest, Meetings, OnPosition, Provisioning, SeatId,
};
use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::date;

use self::acs::{IdentityClient, NotCreated};
use self::graph::{GraphClient, GraphTrouble};
use crate::publish;

/// How long a token is good for: the shortest that ACS gives. It is renewed through the seat.
const MINUTES: u32 = 60;
/// Only to read and write in the meeting's chat; Microsoft's advice for guests, who are not fully trusted.
const CHAT_SCOPE: &str = "chat.join.limited";

/// What the adapter is made of.
pub struct TeamsParts {
    pub identity: IdentityClient,
    /// None: clerks paste their links.
    pub graph: Option<GraphClient>,
    /// `voip`, or `voip.join`.
    pub scope: String,
    /// Where the module that joins is served, on our own site.
    pub client: String,
    /// The ACS resource: whose endpoint the meeting's chat is reached at, and in which cloud it is.
    pub endpoint: String,
    /// Is the meeting's own chat used, as long as there is one?
    pub chat: bool,
    pub clock: Arc<dyn Clock>,
}

/// Microsoft Teams: guests join through Azure Communication Services, clerks sit in their own Teams client. Microsoft
/// decides who is let in from its lobby; that somebody may ask at all is our decision, and made before.
pub struct Teams {
    parts: TeamsParts,
    /// How the far side answered last.
    answers: Mutex<Health>,
}

impl Teams {
    pub fn new(parts: TeamsParts) -> Self {
        Self {
            answers: Mutex::default(),
            parts,
        }
    }

    /// Notes how it went; for the log what an operator needs, for a person what they can do.
    fn note<T, E>(&self, what: &str, result: Result<T, E>) -> Result<T, E>
    where
        E: std::fmt::Display,
        for<'a> Trouble: From<&'a E>,
    {
        let now = self.parts.clock.now();
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        match &result {
            Ok(_) => answers.good = Some(now),
            Err(failure) => {
                tracing::warn!(%failure, "{what} failed");
                answers.bad = Some((now, Trouble::from(failure)));
            }
        }
        result
    }

    /// Why this meeting's own chat is not used at this moment; None: it is.
    fn chat_off(&self, link: &MeetingLink) -> Option<ChatOff> {
        if !self.parts.chat {
            Some(ChatOff::NotUsed)
        } else if !is_chat_there(self.parts.clock.now()) {
            Some(ChatOff::Retired)
        } else if !link.has_chat() {
            Some(ChatOff::Channel)
        } else {
            None
        }
    }

    fn scopes(&self, link: &MeetingLink) -> Vec<&str> {
        scopes(&self.parts.scope, self.chat_off(link).is_none())
    }

    async fn issue(&self, identity: &str, link: &MeetingLink, told: OnPosition<'_>) -> Result<TeamsToken, EngineError> {
        let scopes = self.scopes(link);
        let issued = self.parts.identity.issue(identity, &scopes, MINUTES, told).await;
        let issued = self
            .note("a token of Azure Communication Services", issued)
            .map_err(|failure| entering(&failure, Effect::None))?;
        Ok(TeamsToken {
            token: issued.token.reveal().to_owned(),
            expires_on: issued.expires_on,
        })
    }

    /// The new identity, and its first token.
    async fn create(&self, entry: &JoinRequest<'_>, link: &MeetingLink) -> Result<(String, TeamsToken), EngineError> {
        let scopes = self.scopes(link);
        let created = match self.parts.identity.create(&scopes, MINUTES, entry.ticket).await {
            Ok(created) => Ok(created),
            Err(NotCreated::Unwanted(error)) => return Err(error),
            Err(NotCreated::Unanswered(unanswered)) => Err(unanswered),
        };
        let effect = match &created {
            Err(Unanswered { may_be_done: true, .. }) => Effect::Unknown,
            _ => Effect::None,
        };
        let created = self
            .note(
                "an identity of Azure Communication Services",
                created.map_err(Failure::from),
            )
            .map_err(|failure| entering(&failure, effect))?;
        let token = TeamsToken {
            token: created.token.reveal().to_owned(),
            expires_on: created.expires_on,
        };
        Ok((created.identity, token))
    }
}

/// What a guest's token is asked for: `voip` is what the operator chose for the call.
pub fn scopes(voip: &str, chat: bool) -> Vec<&str> {
    let mut scopes = vec![voip];
    if chat {
        scopes.push(CHAT_SCOPE);
    }
    scopes
}

/// Microsoft's announcement: ACS chat ends on 30 September 2028.
pub fn is_chat_there(now: Timestamp) -> bool {
    date(2028, 9, 30).in_tz("UTC").is_ok_and(|last| now < last.timestamp())
}

/// Of what a guest waits for, who can do nothing about it but wait or go another way.
fn entering(failure: &Failure, effect: Effect) -> EngineError {
    let guest = match failure {
        Failure::Throttled { .. } => EntryRefusal::Crowded,
        _ => EntryRefusal::Unreachable,
    };
    EngineError::new(effect, guest, failure)
}

/// Of what is done in the background, as often as it takes: what is outstanding shows it to an admin.
fn told(failure: &Failure) -> EngineError {
    let effect = match failure {
        Failure::NotThere { .. } => Effect::Gone,
        Failure::Throttled { .. }
        | Failure::Unreachable { .. }
        | Failure::Denied { .. }
        | Failure::Refused { .. }
        | Failure::NotConfigured { .. }
        | Failure::Unwanted => Effect::None,
        // It may have come there, and only the answer was lost.
        Failure::Unavailable { .. }
        | Failure::TimedOut { .. }
        | Failure::BrokenOff { .. }
        | Failure::Malformed { .. } => Effect::Unknown,
    };
    EngineError::new(effect, EntryRefusal::NotNow, failure)
}

/// The same of Graph. What an admin forgot keeps it from doing anything.
fn told_of_graph(trouble: &GraphTrouble) -> EngineError {
    match trouble {
        GraphTrouble::Failed(failure) => told(failure),
        trouble => EngineError::refused(EntryRefusal::NotNow, trouble),
    }
}

fn locator(meeting: &MeetingLink) -> MeetingLocator {
    match meeting {
        MeetingLink::Id { id, passcode } => MeetingLocator::Id {
            id: id.clone(),
            passcode: passcode.clone(),
        },
        link => MeetingLocator::Link { link: link.to_string() },
    }
}

#[async_trait]
impl Meetings for Teams {
    async fn credentials(&self, entry: JoinRequest<'_>) -> Result<Issued, EngineError> {
        let Some(meeting) = &entry.consultation.meeting else {
            return Err(EngineError::refused(
                EntryRefusal::NotReady,
                Trouble::MeetingInTheMaking,
            ));
        };
        let link = &meeting.link;
        let open = link.open_in_teams();
        if entry.seat.role == Role::Host {
            return Ok(Issued::from(Credentials::TeamsHost { open }));
        }
        if link.cloud() == Cloud::GccHigh && !self.parts.endpoint.contains(".communication.azure.us") {
            return Err(EngineError::refused(EntryRefusal::OtherCloud, Trouble::OtherCloud));
        }
        let chat_off = self.chat_off(link);
        let (identity, user, token) = if let Some(identity) = entry.identity {
            let queue = |position| entry.ticket.position(position);
            (None, identity.to_owned(), self.issue(identity, link, &queue).await?)
        } else {
            let (identity, token) = self.create(&entry, link).await?;
            (Some(identity.clone()), identity, token)
        };
        Ok(Issued {
            credentials: Credentials::Teams(Box::new(TeamsCredentials {
                client: self.parts.client.clone(),
                token,
                user,
                name: entry.name.to_owned(),
                locator: locator(link),
                publish: publish(entry.seat.role),
                chat: chat_off.is_none().then(|| self.parts.endpoint.clone()),
                chat_off,
                open,
            })),
            identity,
        })
    }

    /// The guest's own client leaves when its seat is taken away, and the identity is deleted with the visit. Nobody
    /// else can put an anonymous participant out of a Teams meeting but the people in it.
    async fn remove(&self, _: SeatId) -> Result<(), EngineError> {
        Ok(())
    }

    /// The meeting is the clerk's own to end.
    async fn end(&self, _: ConsultationId) -> Result<(), EngineError> {
        Ok(())
    }

    async fn health(&self) -> Result<(), EngineError> {
        Ok(())
    }
}

#[async_trait]
impl Provisioning for Teams {
    async fn prepare(
        &self,
        consultation: &Consultation,
        organizer: &str,
        key: &str,
    ) -> Result<Option<ExternalMeeting>, EngineError> {
        let Some(graph) = &self.parts.graph else {
            return match &consultation.meeting {
                Some(_) => Ok(None),
                None => Err(EngineError::refused(EntryRefusal::NotReady, Trouble::MeetingToBePasted)),
            };
        };
        // No name of a customer goes to the organiser's tenant with the subject.
        let subject = "Consultation";
        let (starts_at, ends_at) = (consultation.starts_at, consultation.ends_at);
        match &consultation.meeting {
            Some(ExternalMeeting { provisioned: None, .. }) => Ok(None),
            Some(ExternalMeeting {
                provisioned: Some(made),
                ..
            }) => {
                let moved = graph
                    .update(&made.organizer, &made.id, subject, starts_at, ends_at)
                    .await;
                self.note("moving a Teams meeting", moved)
                    .map_err(|trouble| told_of_graph(&trouble))?;
                Ok(None)
            }
            None if organizer.is_empty() => Err(EngineError::refused(EntryRefusal::NotReady, Trouble::HostUnnamed)),
            None => {
                let made = graph.create_or_get(organizer, key, subject, starts_at, ends_at).await;
                let made = self
                    .note("making a Teams meeting", made)
                    .map_err(|trouble| EngineError {
                        guest: EntryRefusal::NotReady,
                        ..told_of_graph(&trouble)
                    })?;
                let link = made.join_web_url.parse().map_err(|_| {
                    EngineError::new(Effect::Unknown, EntryRefusal::NotReady, Trouble::MeetingUnreadable)
                })?;
                Ok(Some(ExternalMeeting {
                    link,
                    provisioned: Some(ProvisionedMeeting {
                        organizer: organizer.to_owned(),
                        id: made.id,
                    }),
                }))
            }
        }
    }

    async fn discard(&self, made: &ProvisionedMeeting) -> Result<(), EngineError> {
        match &self.parts.graph {
            Some(graph) => {
                let deleted = graph.delete(&made.organizer, &made.id).await;
                self.note("deleting a Teams meeting", deleted)
                    .map_err(|trouble| told_of_graph(&trouble))
            }
            None => Err(EngineError::refused(EntryRefusal::NotNow, Trouble::GraphOff)),
        }
    }

    async fn refresh(&self, consultation: &Consultation, identity: &str) -> Result<TeamsToken, EngineError> {
        let Some(meeting) = &consultation.meeting else {
            return Err(EngineError::refused(EntryRefusal::NotReady, Trouble::MeetingGone));
        };
        self.issue(identity, &meeting.link, &|_| {}).await
    }

    async fn forget(&self, identity: &str) -> Result<(), EngineError> {
        let deleted = self.parts.identity.delete(identity).await;
        self.note("deleting an identity of Azure Communication Services", deleted)
            .map_err(|failure| told(&failure))
    }

    fn condition(&self) -> Health {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
