use anteroom_domain::account::Account;
use anteroom_domain::consultation::{Consultation, ExternalMeeting};
use anteroom_domain::form::{ConsultationPlan, FieldErrors};
use anteroom_domain::organisation::{Engine, Service};
use anteroom_domain::teams::link::MeetingLink;

use super::TENANTS;
use crate::port::Reads;
use crate::{Error, Result, UseCases};

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
        before: Option<&ExternalMeeting>,
    ) -> Result<Place> {
        let engine = plan.engine.unwrap_or(service.engine);
        if engine != Engine::Teams {
            return Ok(Place {
                engine,
                meeting: None,
                webinar: false,
            });
        }
        let offer = &self.0.engines.rules.offer;
        if !offer.on {
            return Err(invalid("engine", offer.why_off.clone()));
        }
        if plan.webinar && !offer.webinars {
            return Err(invalid(
                "webinar",
                "Webinars are not accepted here. Untick this, or ask whoever runs this site to set teams.webinars to on.",
            ));
        }
        // A meeting that was made from here is its host's: with another host there is another one.
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
            (None, None) if offer.graph => {
                return Err(invalid(
                    "meeting",
                    format!(
                        "Paste the link of the Teams meeting. (It could be made from here if an administrator added the Entra object ID of {}.)",
                        host.name
                    ),
                ));
            }
            (None, None) => {
                return Err(invalid(
                    "meeting",
                    "Paste the link of the Teams meeting, or its meeting ID and passcode.",
                ));
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
            Some(sentence) => Err(invalid("meeting", sentence)),
        }
    }

    /// Why the meeting of this consultation may not be used: the list of tenants may have changed since it was pasted.
    pub(crate) async fn foreign(&self, reads: &mut dyn Reads, consultation: &Consultation) -> Result<Option<String>> {
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

/// Why this meeting may not be used here, for staff. `allowed`: tenants, one a line; empty: all.
fn foreign(place: &MeetingLink, allowed: &str) -> Option<String> {
    match place.tenant() {
        _ if allowed.is_empty() => None,
        Some(tenant) if allowed.lines().any(|line| line.eq_ignore_ascii_case(tenant)) => None,
        Some(tenant) => Some(format!(
            "This meeting belongs to another organisation (tenant {tenant}), and only some may be used here. Paste a link from your own Teams, or ask an administrator to add that tenant."
        )),
        None => Some(
            "This form of link does not say which organisation it belongs to, and only some may be used here. Paste the long link instead (in Teams: the meeting's details, \u{201c}Copy link\u{201d})."
                .to_owned(),
        ),
    }
}

pub(super) fn invalid(field: &str, sentence: impl Into<String>) -> Error {
    Error::Invalid(FieldErrors::one(field, sentence))
}
