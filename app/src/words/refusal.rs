//! Why something is not done, in a sentence that says what to do instead.

use anteroom_domain::refusal::{
    AccountRefusal, ClashTimes, ConsultationRefusal, Difference, EntryRefusal, Fixed, ForeignMeeting, GuestRefusal,
    OrganisationRefusal, RegistrationClosed, ReportRefusal, VisitRefusal,
};
use anteroom_domain::text::isolate;
use anteroom_domain::time::Zone;
use anteroom_domain::view::Unusual;
use jiff::Timestamp;

use super::Sentence;

impl Sentence for ConsultationRefusal {
    fn sentence(&self) -> String {
        match self {
            Self::InvalidTransition(refused) => format!(
                "This consultation is {} and can't be {} any more. Reload the page to see where it stands.",
                refused.from, refused.step
            ),
            Self::Over => "This consultation is over; nobody can be invited to it any more.".to_owned(),
            Self::TimePassed => "That time has passed. Choose a later one.".to_owned(),
            Self::LengthPassed => "It would be over by now. Choose a longer length.".to_owned(),
            Self::Fixed { why, .. } => {
                let why = match why {
                    Fixed::Live => "It is live",
                    Fixed::Over => "It is over",
                    Fixed::Occupied => "Someone is in the room or in the lobby",
                };
                format!("{why}: this stays as it was. Set it back to save the rest.")
            }
            Self::UnknownService => "Choose a service from the list.".to_owned(),
            Self::ServiceOfOtherBranch => "Choose a service of the same branch.".to_owned(),
            Self::HostOfOtherBranch => "Choose a host of the branch that offers this service.".to_owned(),
            Self::HostBusy { host, clash, free } => {
                let next = if free.is_empty() {
                    "Choose another time."
                } else {
                    "Choose another time, such as one of these."
                };
                format!("{} {next}", busy(host, clash.as_ref()))
            }
            Self::Stale { by, stored, .. } => {
                let who = by.as_deref().unwrap_or("The guest");
                let stored: Vec<String> = stored.iter().map(Sentence::sentence).collect();
                format!(
                    "{who} changed this consultation after you opened it. Stored now is: {}. What you typed stands below: \
                    save it again to put it in place of that, or leave this page to keep what is stored.",
                    stored.join("; ")
                )
            }
            Self::TeamsOff { why } => why.clone(),
            Self::WebinarsOff => {
                "Webinars are not accepted here. Untick this, or ask whoever runs this site to set teams.webinars to on."
                    .to_owned()
            }
            Self::MeetingMissing {
                host_unknown_in_entra: None,
            } => "Paste the link of the Teams meeting, or its meeting ID and passcode.".to_owned(),
            Self::MeetingMissing {
                host_unknown_in_entra: Some(host),
            } => format!(
                "Paste the link of the Teams meeting. (It could be made from here if an administrator added the Entra object ID of {host}.)"
            ),
            Self::ForeignMeeting(foreign) => foreign.sentence(),
        }
    }
}

fn clock(at: Timestamp, zone: &Zone) -> String {
    zone.at(at).strftime("%H:%M").to_string()
}

fn busy(host: &str, clash: Option<&ClashTimes>) -> String {
    let host = match host {
        "" => "The host",
        host => host,
    };
    // Gone again since.
    let Some(clash) = clash else {
        return format!("{host} had something else at that time a moment ago.");
    };
    let clock = |at: Timestamp| clock(at, &clash.zone);
    let again = if clash.free_at == clash.ends_at {
        String::new()
    } else {
        format!(", and is free again at {}", clock(clash.free_at))
    };
    format!(
        "{host} has {} from {} to {}{again}.",
        clash.guest,
        clock(clash.starts_at),
        clock(clash.ends_at)
    )
}

impl Sentence for Difference {
    fn sentence(&self) -> String {
        match self {
            Self::Start(at, zone) => format!("start {} ({zone})", zone.at(*at).strftime("%Y-%m-%d at %H:%M")),
            Self::Length(minutes) => format!("length {minutes} minutes"),
            Self::Service(name) => format!("service {name}"),
            Self::Host(name) => format!("host {name}"),
            Self::Place => "another place".to_owned(),
            Self::Guest { name, reach } => format!("guest {name} ({reach})"),
            Self::Notes(notes) if notes.is_empty() => "no notes".to_owned(),
            Self::Notes(notes) => format!("the notes \u{201c}{}\u{201d}", shortened(notes)),
        }
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 120;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

impl Sentence for ForeignMeeting {
    fn sentence(&self) -> String {
        match self {
            Self::Tenant(tenant) => format!(
                "This meeting belongs to another organisation (tenant {tenant}), and only some may be used here. Paste a link from your own Teams, or ask an administrator to add that tenant."
            ),
            Self::Unknown => "This form of link does not say which organisation it belongs to, and only some may be used here. Paste the long link instead (in Teams: the meeting's details, \u{201c}Copy link\u{201d}).".to_owned(),
        }
    }
}

impl Sentence for GuestRefusal {
    fn sentence(&self) -> String {
        let sentence = match self {
            Self::NoContact => "Enter an e-mail address or a phone number, so that the guest can be reached.",
            Self::TooMany { most } => return format!("A consultation has at most {most} guests."),
            Self::LastExpected => "Nobody else is expected. Cancel the consultation instead.",
            Self::Over => "This consultation is over; nobody comes to it any more.",
            Self::CantDecline => {
                "This can't be cancelled any more. Reload the page to see where your appointment stands."
            }
            Self::InMeeting => "You are in the meeting with this link. Leave it there first.",
            Self::NotHeldYet => "You can rate this appointment once it has taken place.",
            Self::KeptOut => {
                "The organiser has closed this appointment to you. If you think that is a mistake, contact them."
            }
            Self::AddressTaken => {
                "Somebody has registered with this address. Open the link that you were shown then, or ask the organiser for it."
            }
            Self::RegistrationClosed(closed) => return closed.sentence(),
        };
        sentence.to_owned()
    }
}

impl Sentence for RegistrationClosed {
    fn sentence(&self) -> String {
        let sentence = match self {
            Self::Over => "This is over, or was cancelled: nobody can register any more.",
            Self::Full => "All seats are taken. Ask the organiser for another date.",
        };
        sentence.to_owned()
    }
}

impl Sentence for VisitRefusal {
    fn sentence(&self) -> String {
        let sentence = match self {
            Self::NotWaiting => "They are not in the lobby any more.",
            Self::Colleague => "A colleague can't be put out; ask them to leave.",
            Self::EmptyMessage => "Write something first.",
        };
        sentence.to_owned()
    }
}

impl Sentence for EntryRefusal {
    fn sentence(&self) -> String {
        let sentence = match self {
            Self::NotNow => "The meeting can\u{2019}t be entered right now. Try again in a minute.",
            Self::NotReady => "The Teams meeting is not ready yet. Try again in a minute.",
            Self::NotIn => "You are not in this meeting any more.",
            Self::NotHere => {
                "The meeting can\u{2019}t be entered right now. Your host can see why; contact them, or try again later."
            }
            Self::TooOften => {
                "You have joined very often in a short while. Try again in ten minutes, or open the meeting in Teams instead."
            }
            Self::Crowded => {
                "Very many people are joining at the moment. Try again in a minute, or open the meeting in Teams instead."
            }
            Self::Unreachable => {
                "Teams can't be reached from this site at the moment. Try again in a minute, or open the meeting in Teams instead."
            }
            Self::OtherCloud => {
                "This meeting is in the US government's cloud, which can't be reached from here. Open it in Teams instead."
            }
        };
        sentence.to_owned()
    }
}

impl Sentence for AccountRefusal {
    fn sentence(&self) -> String {
        let sentence = match self {
            Self::AddressTaken => "There is already an account with this e-mail address.",
            Self::BranchMissing => "Choose the branch that this clerk belongs to.",
            Self::PasswordGuessable => {
                "This password is easy to guess: it is common, follows a pattern or is made of names. Three or four unrelated words are good."
            }
            Self::Password(wrong) => return wrong.sentence(),
            Self::WrongPassword => "This is not your current password.",
            Self::SamePassword => "Choose another password than the one that you were given.",
            Self::OwnPassword => {
                "Your own password is changed under \u{201c}Your account\u{201d}, where the present one is asked for."
            }
            Self::OwnAccess => "You can't change your own role, branch or access. Ask another administrator to do it.",
            Self::LastAdmin => "This is the last administrator of the whole organisation. Make another one first.",
            Self::SetUpAlready => "This installation has an administrator already. Sign in instead.",
        };
        sentence.to_owned()
    }
}

impl Sentence for OrganisationRefusal {
    fn sentence(&self) -> String {
        let sentence = match self {
            Self::NameTaken => "This name is already in use.",
            Self::UnknownBranch => "Choose a branch.",
            Self::ServiceStays => "A service stays in its branch: what is scheduled counts there. Add a new one.",
            Self::TooManyTenants { most } => return format!("Enter at most {most} tenants."),
        };
        sentence.to_owned()
    }
}

impl Sentence for ReportRefusal {
    fn sentence(&self) -> String {
        match self {
            Self::Backwards => "The range ends before it begins.".to_owned(),
            Self::TooLong { days } => format!("Choose a range of at most {days} days."),
            Self::OutOfRange => "Choose another range.".to_owned(),
            Self::TooManyRows { total } => format!("These are {total} consultations; choose a shorter range."),
        }
    }
}

impl Sentence for Unusual {
    fn sentence(&self) -> String {
        match self {
            Self::Saturday => "It is on a Saturday.".to_owned(),
            Self::Sunday => "It is on a Sunday.".to_owned(),
            Self::OutsideHours(hours) => format!("It is outside of the branch's opening hours, {hours}."),
            Self::Night { guest, time } => {
                let (guest, time) = (isolate(guest), time.strftime("%H:%M"));
                format!("For {guest} it begins at {time}, in the night.")
            }
        }
    }
}
