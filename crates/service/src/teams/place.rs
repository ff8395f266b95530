use anteroom_domain::account::Account;
use anteroom_domain::consultation::{Consultation, ConsultationPlan, ExternalMeeting};
use anteroom_domain::organisation::{Engine, Service};
use anteroom_domain::refusal::{ConsultationRefusal, ForeignMeeting};
use anteroom_domain::teams::link::MeetingLink;

use super::TENANTS;
use crate::port::Reads;
use crate::{Result, UseCases};

/// Where a consultation is to take place.
pub(crate) struct Place {
    pub engine: Engine,
    /// On Teams, None: Graph makes it.
    pub meeting: Option<ExternalMeeting>,
    pub webinar: bool,
}

impl UseCases {
    /// Decides on the engine and, on Teams, whether the meeting is there, can be made, or must be pasted.
    pub(crate) async fn place(
        &self,
        reads: &mut dyn Reads,
        service: &Service,
        host: &Account,
        plan: &ConsultationPlan,
        before: Option<&Consultation>,
    ) -> Result<Place> {
        let engine = plan.engine.unwrap_or(service.engine);
        if engine != Engine::Teams {
            // A meeting that was made from here is its host's: with another host there is another one.
            let kept = before.filter(|before| before.engine == engine && before.host == host.id);
            return Ok(Place {
                engine,
                meeting: kept.and_then(|before| before.meeting.clone()),
                webinar: false,
            });
        }
        let offer = &self.0.engines.rules.offer;
        if !offer.on {
            return Err(ConsultationRefusal::TeamsOff(offer.why_off.clone().unwrap_or_default()).into());
        }
        if plan.webinar && !offer.webinars {
            return Err(ConsultationRefusal::WebinarsOff.into());
        }
        let before = before.and_then(|before| before.meeting.as_ref());
        // The same here, by who the host is in Entra.
        let is_theirs = |meeting: &&ExternalMeeting| {
            meeting
                .provisioned
                .as_ref()
                .is_some_and(|made| made.organizer == host.entra_id)
        };
        let is_made = |meeting: &&ExternalMeeting| meeting.provisioned.is_some();
        // The form shows where it is: what was not changed is no link that somebody pasted.
        let is_unchanged = plan.meeting.is_some() && plan.meeting.as_ref() == before.map(|before| &before.link);
        let kept = before.filter(is_theirs);
        let pasted = match before.filter(is_made) {
            Some(_) if is_unchanged => None,
            _ => plan.meeting.as_ref(),
        };
        let meeting = match (pasted, kept) {
            (None, Some(kept)) => Some(kept.clone()),
            (Some(place), _) => {
                self.check_place(reads, place).await?;
                Some(ExternalMeeting {
                    link: place.clone(),
                    provisioned: None,
                })
            }
            (None, None) if offer.graph && !host.entra_id.is_empty() => None,
            (None, None) => {
                return Err(ConsultationRefusal::MeetingMissing {
                    host_unknown_in_entra: offer.graph.then(|| host.name.clone()),
                }
                .into());
            }
        };
        Ok(Place {
            engine,
            meeting,
            webinar: plan.webinar,
        })
    }

    async fn check_place(&self, reads: &mut dyn Reads, place: &MeetingLink) -> Result<()> {
        match foreign(place, &reads.setting(TENANTS).await?.unwrap_or_default()) {
            None => Ok(()),
            Some(foreign) => Err(ConsultationRefusal::ForeignMeeting(foreign).into()),
        }
    }

    /// Why the meeting of this consultation may not be used: the list of tenants may have changed since it was pasted.
    pub(crate) async fn foreign(
        &self,
        reads: &mut dyn Reads,
        consultation: &Consultation,
    ) -> Result<Option<ForeignMeeting>> {
        match &consultation.meeting {
            Some(ExternalMeeting {
                link,
                provisioned: None,
            }) => Ok(foreign(link, &self.tenants(reads).await?)),
            _ => Ok(None),
        }
    }

    /// For a text that is shown: which tenants' meetings may be used.
    pub(super) async fn tenants(&self, reads: &mut dyn Reads) -> Result<String> {
        Ok(reads.setting(TENANTS).await?.unwrap_or_default())
    }
}

/// Why this meeting may not be used here. `allowed`: tenants, one a line; empty: all.
fn foreign(place: &MeetingLink, allowed: &str) -> Option<ForeignMeeting> {
    match place.tenant() {
        _ if allowed.is_empty() => None,
        Some(tenant) if allowed.lines().any(|line| line.eq_ignore_ascii_case(tenant)) => None,
        Some(tenant) => Some(ForeignMeeting::Tenant(tenant.to_owned())),
        None => Some(ForeignMeeting::Unknown),
    }
}
