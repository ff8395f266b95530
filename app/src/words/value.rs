//! What is wrong with a value, in a sentence that says what to do.

use anteroom_domain::teams::link::LinkError;
use anteroom_domain::time::{LocalTimeError, UnknownZone};
use anteroom_domain::value::ValueError;
use jiff::civil::Time;

use super::Sentence;

impl Sentence for ValueError {
    fn sentence(&self) -> String {
        match self {
            Self::NameMissing => "Enter a name.".to_owned(),
            Self::TooLong { most } => format!("Use at most {most} characters."),
            Self::Unprintable => "The text holds characters that can't be shown; type it anew.".to_owned(),
            Self::EmailAddress => "Enter an e-mail address like name@example.com.".to_owned(),
            Self::PhoneNumber => "Enter the number with its country code, like +49 30 1234567.".to_owned(),
            Self::PublishedPhone => {
                "Enter a number that guests can call, such as 044 555 01 00, or leave this empty.".to_owned()
            }
            Self::Language => "Choose a language from the list.".to_owned(),
            Self::EntraId => {
                "Enter the object ID from Microsoft Entra, such as 2c0f4a71-3d8e-4a3d-9a2c-0a7a1b9bb001, or nothing."
                    .to_owned()
            }
            Self::PasswordTooShort { least } => {
                format!("Use at least {least} characters. Three or four unrelated words are good.")
            }
            Self::Minutes { least, most } => format!("Enter a length between {least} and {most} minutes."),
            Self::Buffer { most } => format!("Enter a number of minutes up to {most}, or nothing."),
            Self::Date => "Enter a date as YYYY-MM-DD, such as 2027-03-01.".to_owned(),
            Self::Time => "Enter a time as HH:MM, such as 14:30.".to_owned(),
            Self::Stars => "Choose one to five stars.".to_owned(),
        }
    }
}

impl Sentence for UnknownZone {
    fn sentence(&self) -> String {
        match self {
            Self::Missing => "Type a city in that time zone, such as Zurich or New York.".to_owned(),
            Self::Typed(text) => {
                format!("We don't know the time zone \u{201c}{text}\u{201d}. Type a city such as Zurich or New York.")
            }
        }
    }
}

impl Sentence for LocalTimeError {
    fn sentence(&self) -> String {
        let clock = |time: &Time| format!("{:02}:{:02}", time.hour(), time.minute());
        match self {
            Self::Skipped { time, earlier, later } => format!(
                "{} does not exist on that day: the clocks go forward. Choose {} or {}, for example.",
                clock(time),
                clock(earlier),
                clock(later)
            ),
            Self::Twice(time) => format!(
                "{} happens twice on that day, because the clocks go back. Choose which of the two is meant.",
                clock(time)
            ),
            Self::OutOfRange => "That date is out of range.".to_owned(),
        }
    }
}

impl Sentence for LinkError {
    fn sentence(&self) -> String {
        let sentence = match self {
            Self::Empty => "Paste the link of the Teams meeting, or its meeting ID and passcode.",
            Self::TooLong => "This is too long for a Teams link. Paste only the link of the meeting.",
            Self::NoMeeting => {
                "This is no Teams link and no meeting ID. In Teams, open the meeting's details and choose \u{201c}Copy link\u{201d}."
            }
            Self::Several => "There are several Teams meetings in this text. Paste the link of one.",
            Self::NotHttps => "A Teams link begins with https://. Copy it from Teams again.",
            Self::OtherHost => {
                "This link does not lead to Microsoft Teams. Copy the link from Teams itself, and be careful with the message it came in."
            }
            Self::Rewritten => {
                "A filter of mail has rewritten this link, and only the filter knows where it leads. Copy the link from Teams itself, or paste the meeting ID and passcode that stand below it in the invitation."
            }
            Self::Disguised => {
                "This link has a user\u{2019}s name or a port in its address, as no link of Teams has. Copy the link from Teams itself, and be careful with the message it came in."
            }
            Self::Personal => {
                "This is a personal meeting (Teams for home), which guests can't join from here. Schedule it with a work account."
            }
            Self::LiveEvent => {
                "This is a live event, which guests can't join from here. Schedule a Teams meeting instead."
            }
            Self::TownHall => {
                "This is a town hall, which guests can't join from here. Schedule a Teams meeting instead."
            }
            Self::EventPage => {
                "This is the page of a webinar or town hall, where people register. Guests can't join it from here: schedule a Teams meeting, and paste its link."
            }
            Self::CallOrChat => {
                "This is a call or a chat, not a meeting. Schedule a Teams meeting, and paste its link."
            }
            Self::Dod => {
                "This meeting is in the cloud of the US Department of Defense, which guests can't join from here. Schedule it in Teams outside of that cloud."
            }
            Self::NotAMeeting => {
                "This link leads to Teams, but not to a meeting. In Teams, open the meeting's details and choose \u{201c}Copy link\u{201d}."
            }
            Self::Broken => "A part of this Teams link is missing or damaged. Copy it from Teams again, as a whole.",
            Self::App => "This link opens the Teams app. Paste the one that begins with https://.",
        };
        sentence.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clerk reads these sentences: each says what happened and what to do next.
    #[test]
    fn every_refusal_is_a_sentence_that_says_what_to_do() {
        for refused in [
            LinkError::Empty,
            LinkError::TooLong,
            LinkError::NoMeeting,
            LinkError::Several,
            LinkError::NotHttps,
            LinkError::OtherHost,
            LinkError::Disguised,
            LinkError::Personal,
            LinkError::LiveEvent,
            LinkError::TownHall,
            LinkError::EventPage,
            LinkError::CallOrChat,
            LinkError::Dod,
            LinkError::NotAMeeting,
            LinkError::Broken,
            LinkError::App,
        ] {
            let sentence = refused.sentence();
            let advises = ["Paste", "paste", "Copy", "Schedule"]
                .iter()
                .any(|word| sentence.contains(word));
            assert!(advises && sentence.ends_with('.'), "{sentence}");
        }
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_refused_with_times_that_exist() {
        let time = |hour| Time::new(hour, 30, 0, 0).unwrap();
        let skipped = LocalTimeError::Skipped {
            time: time(2),
            earlier: time(1),
            later: time(3),
        };
        assert_eq!(
            skipped.sentence(),
            "02:30 does not exist on that day: the clocks go forward. Choose 01:30 or 03:30, for example."
        );
    }
}
