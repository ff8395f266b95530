use anteroom_domain::consultation::{Consultation, State};
use anteroom_domain::event::{Happening, NewEvent};
use anteroom_domain::organisation::Engine;
use anteroom_domain::signalling::{Credentials, Role, TeamsStand, TeamsToken};
use anteroom_domain::teams::link::OpenInTeams;
use anteroom_domain::visit::Visit;

use crate::port::{EngineError, Entry, Grant, Queue, SeatId};
use crate::{Error, Result, Services};

impl Services {
    /// What this participant needs to enter the meeting; only for one who was let in.
    pub async fn credentials(&self, seat: SeatId, queue: Queue<'_>) -> Result<Credentials> {
        let mut reads = self.0.store.read().await?;
        let visit = reads.visit(seat.visit).await?.ok_or(Error::NotFound)?;
        if visit.is_over() || visit.admitted_at.is_none() {
            return Err(Error::Forbidden);
        }
        let consultation = reads.consultation(visit.consultation).await?.ok_or(Error::NotFound)?;
        let identity = reads.identity_of(visit.id).await?;
        drop(reads);
        let consultation = match consultation.engine {
            Engine::Teams if consultation.meeting.is_none() => self.prepare_meeting(&consultation).await?,
            _ => consultation,
        };
        let entry = Entry {
            seat,
            consultation: &consultation,
            name: &visit.name,
            identity: identity.as_deref(),
            queue,
        };
        let engine = self.engine(consultation.engine);
        if consultation.engine != Engine::Teams || seat.role == Role::Host || identity.is_some() {
            return Ok(engine.credentials(entry).await.map_err(refuse)?.credentials);
        }
        // An identity is made at Microsoft's, and must be deleted there: a crash in between leaves this row behind.
        let mut writes = self.0.store.write().await?;
        let row = writes.begin_identity(visit.id, self.now()).await?;
        writes.commit().await?;
        match engine.credentials(entry).await {
            Ok(grant) => {
                self.keep_identity(row, &visit, &grant).await?;
                Ok(grant.credentials)
            }
            Err(error) => {
                let mut writes = self.0.store.write().await?;
                writes.drop_identity(row).await?;
                writes.commit().await?;
                Err(refuse(error))
            }
        }
    }

    async fn keep_identity(&self, row: i64, visit: &Visit, grant: &Grant) -> Result<()> {
        let now = self.now();
        let mut writes = self.0.store.write().await?;
        let Some(identity) = &grant.identity else {
            writes.drop_identity(row).await?;
            return Ok(writes.commit().await?);
        };
        writes.name_identity(row, identity).await?;
        let event = NewEvent::of(now, visit.consultation, Happening::IdentityMinted)
            .guest(visit.guest)
            .visit(visit.id);
        writes.append(event).await?;
        let visit = writes.visit(visit.id).await?.ok_or(Error::NotFound)?;
        if visit.is_over() {
            // They were put out while the answer was under way.
            writes.retire_identities(visit.id, now).await?;
            writes.commit().await?;
            return Err(Error::Forbidden);
        }
        writes
            .save_visit(&Visit {
                teams: Some(TeamsStand::Joining),
                teams_at: visit.teams_at.or(Some(now)),
                ..visit.clone()
            })
            .await?;
        self.commit_and_announce(writes, &visit).await
    }

    /// A fresh token for one who is seated.
    pub async fn refresh_token(&self, seat: SeatId) -> Result<TeamsToken> {
        let mut reads = self.0.store.read().await?;
        let visit = reads.visit(seat.visit).await?.ok_or(Error::NotFound)?;
        let consultation = reads.consultation(visit.consultation).await?.ok_or(Error::NotFound)?;
        if visit.is_over() || visit.admitted_at.is_none() {
            return Err(Error::Forbidden);
        }
        let identity = reads.identity_of(visit.id).await?.ok_or(Error::Forbidden)?;
        drop(reads);
        self.engine(consultation.engine)
            .refresh(&identity)
            .await
            .map_err(refuse)
    }

    /// The way into the meeting that always works: in Microsoft's own client, as an anonymous guest. Only for one who
    /// was let in.
    pub async fn open_in_teams(&self, seat: SeatId) -> Result<Option<OpenInTeams>> {
        let mut reads = self.0.store.read().await?;
        let visit = reads.visit(seat.visit).await?.ok_or(Error::NotFound)?;
        if visit.is_over() || visit.admitted_at.is_none() {
            return Err(Error::Forbidden);
        }
        let consultation = reads.consultation(visit.consultation).await?.ok_or(Error::NotFound)?;
        Ok(consultation.meeting.map(|meeting| meeting.place.open_in_teams()))
    }

    /// Has Graph make the meeting, or move it to where the consultation is now, and keeps where it is.
    pub(super) async fn prepare_meeting(&self, consultation: &Consultation) -> Result<Consultation> {
        let host = self
            .0
            .store
            .read()
            .await?
            .account(consultation.host)
            .await?
            .ok_or(Error::NotFound)?;
        let key = self.outside_key(consultation.id).await?;
        let made = self
            .engine(consultation.engine)
            .prepare(consultation, &host.entra_id, &key)
            .await
            .map_err(refuse)?;
        let Some(made) = made else {
            return Ok(consultation.clone());
        };
        let mut writes = self.0.store.write().await?;
        let current = writes.consultation(consultation.id).await?.ok_or(Error::NotFound)?;
        let is_still_wanted = !matches!(current.state, State::Cancelled { .. })
            && current.engine == Engine::Teams
            && current.meeting.as_ref().is_none_or(|meeting| meeting.made.is_some());
        if !is_still_wanted || current.meeting.as_ref() == Some(&made) {
            return Ok(current);
        }
        let after = Consultation {
            meeting: Some(made),
            ..current
        };
        writes.save_consultation(&after, None).await?;
        writes
            .append(NewEvent::of(self.now(), after.id, Happening::MeetingSet { made: true }))
            .await?;
        writes.commit().await?;
        self.announce(&after);
        Ok(after)
    }
}

pub(super) fn refuse(error: EngineError) -> Error {
    match error {
        EngineError::Unavailable(sentence) => Error::Refused(sentence),
        error @ EngineError::Internal(_) => Error::internal(error),
    }
}
