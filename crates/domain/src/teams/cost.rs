//! An estimate of what Azure Communication Services charges for guests in Teams meetings.
//!
//! Azure charges for each minute of a guest, the lobby included, and for each chat message that a guest sends
//! (Microsoft, "Pricing for Teams interoperability scenarios"). Clerks in their own Teams client cost nothing, and
//! reading the chat costs nothing. All numbers are integers, so that no sum is blurred by binary fractions.
//!
//! Microsoft does not publish how it rounds parts of minutes. This estimate counts seconds exactly. If Azure rounds
//! each visit up to whole minutes, the bill is higher by up to the price of one minute a visit.

use serde::{Deserialize, Serialize};

/// An amount of money, in millionths of the currency's unit.
pub type Micros = u64;

/// Azure's prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// The price of one minute of one guest.
    pub minute: Micros,
    /// The price of one chat message.
    pub message: Micros,
    /// The currency's code, such as `USD`.
    pub currency: String,
}

/// The prices that Microsoft published in 2022, and still published in 2026.
impl Default for Rates {
    fn default() -> Self {
        Self {
            minute: 4_000,
            message: 800,
            currency: "USD".to_owned(),
        }
    }
}

/// The use by guests, which Azure charges for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// The time of all guests in meetings and in Teams' lobby, in seconds.
    pub seconds: u64,
    /// The chat messages that guests sent.
    pub messages: u64,
}

/// An estimate of Azure's charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// The amount.
    pub micros: Micros,
    /// The currency's code.
    pub currency: String,
}

impl Rates {
    /// The price of `used`, rounded to the nearest millionth, and at most [`Micros::MAX`].
    pub fn estimate(&self, used: Used) -> Estimate {
        let minutes = u128::from(used.seconds) * u128::from(self.minute);
        let messages = u128::from(used.messages) * u128::from(self.message);
        let micros = (minutes + 30) / 60 + messages;
        Estimate {
            micros: Micros::try_from(micros).unwrap_or(Micros::MAX),
            currency: self.currency.clone(),
        }
    }
}

/// Reads a price such as `0.004`: up to six digits before the point and up to six after it.
///
/// The digits are read as an integer, because a binary fraction can't hold 0.004 exactly.
pub fn parse_price(text: &str) -> Result<Micros, &'static str> {
    const ADVICE: &str = "Write a price with a point and at most six places, such as 0.004.";
    let (whole, places) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || places.len() > 6 || !is_digits(whole) || !is_digits(places) {
        return Err(ADVICE);
    }
    let micros: Micros = format!("{whole}{places:0<6}").parse().map_err(|_| ADVICE)?;
    Ok(micros)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// With two to six decimal places, without needless zeros: `0.1224`, `12.00`.
    fn decimal(micros: Micros) -> String {
        let (whole, rest) = (micros / 1_000_000, micros % 1_000_000);
        let rest = format!("{rest:06}");
        let places = rest.trim_end_matches('0');
        format!("{whole}.{places:0<2}")
    }

    /// Microsoft's own example: a visit of 30 minutes, one of them in the lobby, and three messages from the guest.
    #[test]
    fn the_published_example_comes_out() {
        let used = Used {
            seconds: (1 + 29) * 60,
            messages: 3,
        };
        let estimate = Rates::default().estimate(used);
        assert_eq!((estimate.micros, estimate.currency.as_str()), (122_400, "USD"));
    }

    #[test]
    fn prices_are_read_and_written_exactly() {
        assert_eq!(parse_price("0.004"), Ok(4_000));
        assert_eq!(parse_price("0.0008"), Ok(800));
        assert_eq!(parse_price("12"), Ok(12_000_000));
        for wrong in ["", ".5", "0,004", "-1", "1e3", "0.0000001", "9999999"] {
            assert!(parse_price(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(decimal(12_000_000), "12.00");
        assert_eq!(decimal(122_400), "0.1224");
    }

    #[test]
    fn parts_of_minutes_count_as_what_they_are() {
        let rates = Rates {
            minute: parse_price("0.004").unwrap(),
            message: 0,
            currency: "EUR".to_owned(),
        };
        for (seconds, micros) in [
            (0, 0),
            (1, 67),
            (30, 2_000),
            (59, 3_933),
            (60, 4_000),
            (90, 6_000),
            (3_600, 240_000),
        ] {
            let estimate = rates.estimate(Used { seconds, messages: 0 });
            assert_eq!(estimate.micros, micros, "{seconds} s");
            assert_eq!(estimate.currency, "EUR");
        }
    }

    proptest! {
        #[test]
        fn a_price_prints_back(micros in 0..1_000_000_000_000_u64) {
            prop_assert_eq!(parse_price(&decimal(micros)), Ok(micros));
        }

        #[test]
        fn any_text_is_a_price_or_refused(text in "\\PC{0,20}") {
            if let Ok(micros) = parse_price(&text) {
                prop_assert_eq!(parse_price(&decimal(micros)), Ok(micros));
            }
        }

        #[test]
        fn whole_minutes_and_messages_are_exact_and_more_of_them_never_cost_less(
            minute in 0..10_000_000_u64, message in 0..10_000_000_u64,
            minutes in 0..1_000_000_u64, messages in 0..1_000_000_u64, more in 0..120_u64,
        ) {
            let rates = Rates { minute, message, currency: "USD".to_owned() };
            let micros = |seconds| rates.estimate(Used { seconds, messages }).micros;
            prop_assert_eq!(micros(minutes * 60), minutes * minute + messages * message);
            prop_assert!(micros(minutes * 60) <= micros(minutes * 60 + more));
        }
    }

    #[test]
    fn no_use_is_too_large_to_be_estimated() {
        let used = Used {
            seconds: u64::MAX,
            messages: u64::MAX,
        };
        assert_eq!(Rates::default().estimate(used).micros, Micros::MAX);
    }
}
