//! Branches, services and accounts as admins write them down.

use serde::{Deserialize, Serialize};

use crate::consultation::{MAX_BUFFER_MINUTES, MAX_MINUTES};
use crate::form::{FieldErrors, check_minutes, check_time};
use crate::guest::check_name;
use crate::id::{BranchId, ServiceId};
use crate::organisation::{Branch, Engine, Service};
use crate::time::{OpeningHours, Zone};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BranchForm {
    pub name: String,
    pub zone: String,
    pub opens: String,
    pub closes: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceForm {
    pub branch: String,
    pub name: String,
    pub minutes: String,
    pub buffer_before: String,
    pub buffer_after: String,
    pub engine: String,
    pub admit_first: String,
    /// "on" or empty, as a checkbox sends it.
    pub active: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    pub name: String,
    pub email: String,
    pub role: String,
    pub branch: String,
    pub zone: String,
    /// Empty on an existing account: the password stays.
    pub password: String,
    /// Their object id in Microsoft Entra, so that Graph can make Teams meetings in their name. Empty: none.
    pub entra_id: String,
    pub active: String,
}

fn minute_of(errors: &mut FieldErrors, field: &str, text: &str) -> i16 {
    errors
        .take(field, check_time(text))
        .map_or(0, |time| i16::from(time.hour()) * 60 + i16::from(time.minute()))
}

fn check_buffer(text: &str) -> Result<u16, String> {
    match text.trim() {
        "" => Ok(0),
        text => text
            .parse()
            .ok()
            .filter(|minutes| *minutes <= MAX_BUFFER_MINUTES)
            .ok_or_else(|| format!("Enter a number of minutes up to {MAX_BUFFER_MINUTES}, or nothing.")),
    }
}

impl BranchForm {
    pub fn check(&self, id: BranchId) -> Result<Branch, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", check_name(&self.name));
        let zone = errors.take("zone", self.zone.parse::<Zone>());
        let opens = minute_of(&mut errors, "opens", &self.opens);
        let closes = minute_of(&mut errors, "closes", &self.closes);
        if errors.is_empty() && closes <= opens {
            errors.add("closes", "Closing time comes after opening time.");
        }
        match (name, zone) {
            (Some(name), Some(zone)) if errors.is_empty() => Ok(Branch {
                id,
                name,
                zone,
                hours: OpeningHours { opens, closes },
            }),
            _ => Err(errors),
        }
    }
}

impl ServiceForm {
    pub fn check(&self, id: ServiceId) -> Result<Service, FieldErrors> {
        let mut errors = FieldErrors::default();
        let branch = errors.take("branch", self.branch.trim().parse().map_err(|_| "Choose a branch."));
        let name = errors.take("name", check_name(&self.name));
        let minutes = errors
            .take("minutes", check_minutes(&self.minutes))
            .filter(|minutes| *minutes <= MAX_MINUTES);
        let before = errors.take("buffer_before", check_buffer(&self.buffer_before));
        let after = errors.take("buffer_after", check_buffer(&self.buffer_after));
        let engine = match self.engine.trim() {
            "" => Some(Engine::Builtin),
            word => errors.take(
                "engine",
                Engine::parse(word).ok_or("Choose where the meetings take place."),
            ),
        };
        match (branch, name, minutes, before, after, engine) {
            (Some(branch), Some(name), Some(minutes), Some(buffer_before), Some(buffer_after), Some(engine)) => {
                Ok(Service {
                    id,
                    branch: BranchId(branch),
                    name,
                    minutes,
                    buffer_before,
                    buffer_after,
                    engine,
                    admit_first: !self.admit_first.is_empty(),
                    active: !self.active.is_empty(),
                })
            }
            _ => Err(errors),
        }
    }
}
