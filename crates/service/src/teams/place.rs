use anteroom_domain::account::Account;
use anteroom_domain::consultation::OnlineMeeting;
use anteroom_domain::form::{ConsultationPlan, FieldErrors};
use anteroom_domain::organisation::{Engine, Service};
use anteroom_domain::teams::link::Meeting;

use super::TENANTS;
use crate::port::{Reads, Writes};
use crate::{Error, Result, Services};

/// Where a consultation is to take place.
pub(crate) struct Place {
    pub engine: Engine,
    /// On Teams, None: Graph makes it.
    pub meeting: Option<OnlineMeeting>,
}

impl Services {
    /// Decides on the engine and, on Teams, whether the meeting is there, can be made, or must be pasted.
    pub(crate) async fn place(
        &self,
        reads: &mut dyn Writes,
        service: &Service,
        host: &Account,
        plan: &ConsultationPlan,
        before: Option<&OnlineMeeting>,
    ) -> Result<Place> {
        let engine = plan.engine.unwrap_or(service.engine);
        if engine != Engine::Teams {
            return Ok(Place { engine, meeting: None });
        }
        let offer = &self.0.engines.rules.offer;
        if !offer.on {
            return Err(invalid("engine", offer.why_off.clone()));
        }
        let meeting = match (&plan.meeting, before) {
            // The form shows where it is; what was not changed stays as it was made.
            (Some(place), Some(before)) if *place == before.place => Some(before.clone()),
            (Some(place), _) => {
                self.check_place(reads, place).await?;
                Some(OnlineMeeting {
                    place: place.clone(),
                    made: None,
                })
            }
            (None, before) if offer.graph && !host.entra_id.is_empty() => before
                .filter(|before| before.made.as_ref().is_some_and(|made| made.organizer == host.entra_id))
                .cloned(),
            (None, _) if offer.graph => {
                return Err(invalid(
                    "meeting",
                    format!(
                        "Paste the link of the Teams meeting. (It could be made from here if an administrator added the Entra object ID of {}.)",
                        host.name
                    ),
                ));
            }
            (None, _) => {
                return Err(invalid(
                    "meeting",
                    "Paste the link of the Teams meeting, or its meeting ID and passcode.",
                ));
            }
        };
        Ok(Place { engine, meeting })
    }

    async fn check_place(&self, reads: &mut dyn Writes, place: &Meeting) -> Result<()> {
        let allowed = reads.setting(TENANTS).await?.unwrap_or_default();
        match place.tenant() {
            _ if allowed.is_empty() => Ok(()),
            Some(tenant) if allowed.lines().any(|line| line.eq_ignore_ascii_case(tenant)) => Ok(()),
            Some(tenant) => Err(invalid(
                "meeting",
                format!(
                    "This meeting belongs to another organisation (tenant {tenant}), and only some may be used here. Paste a link from your own Teams, or ask an administrator to add that tenant."
                ),
            )),
            None => Err(invalid(
                "meeting",
                "This form of link does not say which organisation it belongs to, and only some may be used here. Paste the long link instead (in Teams: the meeting's details, \u{201c}Copy link\u{201d}).",
            )),
        }
    }

    /// For a text that is shown: which tenants' meetings may be used.
    pub(super) async fn tenants(&self, reads: &mut dyn Reads) -> Result<String> {
        Ok(reads.setting(TENANTS).await?.unwrap_or_default())
    }
}

pub(super) fn invalid(field: &str, sentence: impl Into<String>) -> Error {
    Error::Invalid(FieldErrors::one(field, sentence))
}
