//! What Azure charges, in words.

use anteroom_domain::teams::cost::{Estimate, Micros, Rates};

use crate::language::lang;

/// `12.34 USD`
pub fn estimate_text(estimate: &Estimate) -> String {
    amount(estimate.micros, &estimate.currency)
}

/// The prices that an estimate is made of, and what it is.
pub fn rates_text(rates: &Rates) -> String {
    t!(admin::cost::rates {
        minute: amount(rates.minute, &rates.currency),
        message: amount(rates.message, &rates.currency),
    })
}

/// With two to six decimal places, without needless zeros.
fn amount(micros: Micros, currency: &str) -> String {
    let (whole, rest) = (micros / 1_000_000, micros % 1_000_000);
    let places = format!("{rest:06}").trim_end_matches('0').len().max(2);
    let upto = |part: u64| f64::from(u32::try_from(part).unwrap_or(u32::MAX));
    let amount = lang().decimal(upto(whole) + upto(rest) / 1_000_000.0, places);
    t!(admin::cost::amount { amount, currency })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_two_to_six_places() {
        for (micros, told) in [
            (0, "0.00 EUR"),
            (67, "0.000067 EUR"),
            (2_000, "0.002 EUR"),
            (122_400, "0.1224 EUR"),
            (240_000, "0.24 EUR"),
            (12_000_000, "12.00 EUR"),
            (1_234_567_891_234, "1,234,567.891234 EUR"),
        ] {
            assert_eq!(amount(micros, "EUR"), told);
        }
    }

    #[test]
    fn the_prices_are_told_with_what_they_are_for() {
        let told = rates_text(&Rates::default());
        assert!(
            told.contains("0.004 USD a guest\u{2019}s minute and 0.0008 USD a chat message"),
            "{told}"
        );
    }
}
