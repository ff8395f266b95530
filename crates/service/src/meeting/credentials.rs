use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::id::IdentityId;
use anteroom_domain::organisation::Engine;
use anteroom_domain::refusal::{EntryRefusal, ForeignMeeting};
use anteroom_domain::teams::link::OpenInTeams;
use anteroom_domain::trouble::Trouble;
use anteroom_domain::visit::{Role, TeamsStay, Visit};
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::teams::TeamsToken;
use tracing::instrument;

use super::progress::{IssueProgress, OnProgress};
use crate::port::{Effect, EngineError, Issued, JoinRequest, SeatId};
use crate::{Actor, Error, Result, UseCases};

impl UseCases {
    /// What this participant needs to enter the meeting; only for one who was let in. Who asks twice at once is given
    /// the same. Until [`Progress::Sending`](super::Progress::Sending) it may be given up at any time.
    #[instrument(skip_all)]
    pub async fn credentials(&self, actor: &Actor, told: OnProgress<'_>) -> Result<Credentials, EngineError> {
        let seat = actor.participant()?.id;
        let given = self.0.entering.share(seat.visit, || self.give(actor, seat, told));
        given.await
    }

    async fn give(&self, actor: &Actor, seat: SeatId, told: OnProgress<'_>) -> Result<Credentials, EngineError> {
        let (visit, consultation) = self.let_in(seat).await?;
        let identity = self.identity_of(&visit).await?;
        let consultation = if consultation.meeting.is_none() && self.provisions(consultation.engine) {
            self.prepare_meeting(&consultation).await?
        } else {
            consultation
        };
        self.must_be_ours(seat, &consultation).await?;
        let minting = IssueProgress::new(self, visit.id, consultation.engine, told);
        let entry = JoinRequest {
            seat,
            consultation: &consultation,
            name: &visit.name,
            identity: identity.as_deref(),
            ticket: &minting,
        };
        let granted = self.meetings(consultation.engine)?.credentials(entry).await;
        // An identity is made at a provider, and must be deleted there: a crash in between leaves this one behind.
        let Some(id) = minting.identity() else {
            let credentials = granted?.credentials;
            if !consultation.engine.seats_hosts() && seat.role == Role::Host {
                self.host_is_there(actor, &visit).await?;
            }
            return Ok(credentials);
        };
        match granted {
            Ok(grant) => {
                self.keep_identity(actor, id, &visit, consultation.engine, &grant)
                    .await?;
                Ok(grant.credentials)
            }
            Err(error) => {
                self.settle_identity(id, error.effect).await?;
                Err(error)
            }
        }
    }

    /// The visit and its consultation, of one who was let in and has not left.
    async fn let_in(&self, seat: SeatId) -> Result<(Visit, Consultation)> {
        let mut reads = self.0.store.read().await?;
        let visit = reads.visit(seat.visit).await?.ok_or(Error::NotFound)?;
        if visit.is_over() || visit.admitted_at.is_none() {
            return Err(Error::Forbidden);
        }
        let consultation = reads.consultation(visit.consultation).await?.ok_or(Error::NotFound)?;
        Ok((visit, consultation))
    }

    /// The list of tenants may have changed since the meeting was pasted.
    async fn must_be_ours(&self, seat: SeatId, consultation: &Consultation) -> Result<(), EngineError> {
        if seat.role == Role::Host {
            return Ok(());
        }
        match self.refused_tenant(consultation).await? {
            None => Ok(()),
            Some(_) => Err(EngineError::refused(EntryRefusal::NotHere, Trouble::ForeignTenant)),
        }
    }

    async fn refused_tenant(&self, consultation: &Consultation) -> Result<Option<ForeignMeeting>> {
        let mut reads = self.0.store.read().await?;
        self.foreign(reads.as_mut(), consultation).await
    }

    /// A guest who is in already was waiting for this sign of the host's side.
    async fn host_is_there(&self, actor: &Actor, host: &Visit) -> Result<()> {
        let mut tx = self.begin(actor).await?;
        let consultation = tx.consultation(host.consultation).await?;
        self.go_live_if_both_are_in(&mut tx, &consultation).await?;
        tx.commit().await
    }

    async fn identity_of(&self, visit: &Visit) -> Result<Option<String>> {
        match visit.role {
            Role::Host => Ok(None),
            Role::Guest | Role::Attendee => Ok(self.0.store.read().await?.identity_of(visit.id).await?),
        }
    }

    /// Where one may have been made after all, an admin is to know.
    async fn settle_identity(&self, id: IdentityId, effect: Effect) -> Result<()> {
        let mut tx = self.begin(&Actor::system()).await?;
        match effect {
            Effect::Unknown => tx.doubt_identity(id, self.now()).await?,
            Effect::None | Effect::Gone => tx.drop_identity(id).await?,
        }
        tx.commit().await
    }

    async fn keep_identity(
        &self,
        actor: &Actor,
        id: IdentityId,
        visit: &Visit,
        engine: Engine,
        grant: &Issued,
    ) -> Result<()> {
        let now = self.now();
        let mut tx = self.begin(actor).await?;
        let Some(identity) = &grant.identity else {
            tx.drop_identity(id).await?;
            return tx.commit().await;
        };
        tx.name_identity(id, identity).await?;
        let event = NewEvent::of(now, visit.consultation, EventKind::IdentityMinted)
            .guest(visit.guest)
            .visit(visit.id);
        tx.record(event).await?;
        let visit = tx.visit(visit.id).await?.ok_or(Error::NotFound)?;
        if visit.is_over() {
            // They were put out while the answer was under way.
            tx.delete_identities(visit.id, visit.consultation).await?;
            tx.commit().await?;
            return Err(Error::Forbidden);
        }
        // Where they are from here on, in an engine's lobby or in the meeting, their own client reports.
        if engine.has_lobby() {
            let teams = Some(TeamsStay::JOINING);
            tx.save_visit(&Visit { teams, ..visit }).await?;
        }
        tx.commit().await
    }

    /// A fresh token for one who is seated.
    #[instrument(skip_all)]
    pub async fn refresh_token(&self, actor: &Actor) -> Result<TeamsToken, EngineError> {
        let seat = actor.participant()?.id;
        let (visit, consultation) = self.let_in(seat).await?;
        match self.identity_of(&visit).await? {
            Some(identity) => match self.provisioning(consultation.engine) {
                Some(provisioning) => provisioning.refresh(&consultation, &identity).await,
                None => Err(Error::Forbidden.into()),
            },
            None => Err(Error::Forbidden.into()),
        }
    }

    /// The way into the meeting that always works: in Microsoft's own client, as an anonymous guest. Only for one who
    /// was let in.
    #[instrument(skip_all)]
    pub async fn open_in_teams(&self, actor: &Actor) -> Result<Option<OpenInTeams>> {
        let seat = actor.participant()?.id;
        let (_, consultation) = self.let_in(seat).await?;
        if seat.role != Role::Host && self.refused_tenant(&consultation).await?.is_some() {
            return Ok(None);
        }
        Ok(consultation.meeting.map(|meeting| meeting.link.open_in_teams()))
    }
}
