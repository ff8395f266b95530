use anteroom_domain::consultation::{Consultation, ExternalMeeting};
use anteroom_domain::event::{EventKind, NewEvent};

use crate::port::{Effect, EngineError};
use crate::{Actor, Error, Result, UseCases};

/// Tells this installation's consultations from those of every other one at the same provider.
const INSTALLATION: &str = "installation";

impl UseCases {
    /// Has the engine make the external meeting, or move it to where the consultation is now, and stores where it is. Of
    /// many who want it at once, one asks.
    pub(crate) async fn prepare_meeting(&self, consultation: &Consultation) -> Result<Consultation, EngineError> {
        let prepared = self
            .0
            .preparing
            .share(consultation.id, || self.prepare(consultation.clone()));
        prepared.await
    }

    async fn prepare(&self, consultation: Consultation) -> Result<Consultation, EngineError> {
        // It may have been made a moment ago, or not be wanted any more.
        let current = self.current(&consultation).await?;
        if current.state.is_final() || (consultation.meeting.is_none() && current.meeting.is_some()) {
            return Ok(current);
        }
        match self.prepare_once(&current).await {
            // Somebody deleted it there: another one is made in its place.
            Err(EngineError {
                effect: Effect::Gone, ..
            }) => {
                let without = self.give_up_meeting(&current).await?;
                self.prepare_once(&without).await
            }
            prepared => prepared,
        }
    }

    /// What is not wanted once it is made is discarded.
    pub(crate) async fn prepare_once(&self, consultation: &Consultation) -> Result<Consultation, EngineError> {
        let host = self.organizer_of(consultation).await?;
        let key = self.outside_key(consultation).await?;
        let Some(provisioning) = self.provisioning(consultation.engine) else {
            return Ok(consultation.clone());
        };
        match provisioning.prepare(consultation, &host, &key).await? {
            None => Ok(consultation.clone()),
            Some(made) => Ok(self.keep_meeting(consultation, made).await?),
        }
    }

    async fn current(&self, known: &Consultation) -> Result<Consultation> {
        let current = self.0.store.read().await?.consultation(known.id).await?;
        current.ok_or(Error::NotFound)
    }

    async fn organizer_of(&self, consultation: &Consultation) -> Result<String> {
        let host = self.0.store.read().await?.account(consultation.host).await?;
        Ok(host.ok_or(Error::NotFound)?.entra_id)
    }

    /// What was made meanwhile for a consultation that was cancelled, or goes elsewhere, is taken back.
    async fn keep_meeting(&self, asked_for: &Consultation, meeting: ExternalMeeting) -> Result<Consultation> {
        let mut tx = self.begin(&Actor::system()).await?;
        let current = tx.consultation(asked_for.id).await?;
        if current.meeting.as_ref() == Some(&meeting) {
            return Ok(current);
        }
        let is_wanted = !current.state.is_final()
            && current.engine == asked_for.engine
            && current.host == asked_for.host
            && current.meeting.is_none();
        if !is_wanted {
            if let Some(made) = meeting.provisioned {
                tx.discard_meeting(asked_for, made).await?;
                tx.commit().await?;
            }
            return Ok(current);
        }
        // It was moved while the meeting was being made: the meeting follows.
        if (current.starts_at, current.ends_at) != (asked_for.starts_at, asked_for.ends_at) {
            tx.prepare_meeting(current.id, current.engine, current.host).await?;
        }
        let after = Consultation {
            meeting: Some(meeting),
            ..current
        };
        tx.save_consultation(&after, None).await?;
        tx.record(NewEvent::of(self.now(), after.id, EventKind::MeetingSet { made: true }))
            .await?;
        tx.commit().await?;
        Ok(after)
    }

    /// The consultation has none from now on. Discarding what is gone already costs nothing, and from then on the next
    /// one has another key.
    async fn give_up_meeting(&self, consultation: &Consultation) -> Result<Consultation> {
        let mut tx = self.begin(&Actor::system()).await?;
        let current = tx.consultation(consultation.id).await?;
        if current.meeting != consultation.meeting {
            return Ok(current);
        }
        let Some(made) = current.meeting.as_ref().and_then(|meeting| meeting.provisioned.clone()) else {
            return Ok(current);
        };
        tx.discard_meeting(&current, made).await?;
        let after = Consultation {
            meeting: None,
            ..current
        };
        tx.save_consultation(&after, None).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// What this consultation is called at a provider: the same at every try. Once a meeting of it was to be discarded,
    /// the next one is called otherwise, or a late discard would take the one in use.
    async fn outside_key(&self, consultation: &Consultation) -> Result<String> {
        let mut reads = self.0.store.read().await?;
        let discarded = reads.discarded_meetings(consultation.id).await?;
        let known = reads.setting(INSTALLATION).await?;
        drop(reads);
        let installation = match known {
            Some(installation) => installation,
            None => self.draw_installation().await?,
        };
        let id = consultation.id;
        Ok(match discarded {
            0 => format!("anteroom-{installation}-{id}"),
            before => format!("anteroom-{installation}-{id}-{before}"),
        })
    }

    async fn draw_installation(&self) -> Result<String> {
        let mut tx = self.begin(&Actor::system()).await?;
        if let Some(installation) = tx.setting(INSTALLATION).await? {
            return Ok(installation);
        }
        let drawn = self.secret().reveal().chars().take(16).collect::<String>();
        tx.set_setting(INSTALLATION, &drawn).await?;
        tx.commit().await?;
        Ok(drawn)
    }
}
