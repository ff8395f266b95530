//! Which language somebody reads, by what their browser says: look-up as in RFC 4647 §3.4 over the weighted ranges of RFC
//! 9110 §12.5.4.

/// A language that there is.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    pub tag: &'a str,
    /// Ranges that ask for it, besides its tag.
    pub matches: &'a [&'a str],
    /// Ranges that do not, though they begin like one that does: `zh-TW` is written otherwise than `zh`.
    pub excludes: &'a [&'a str],
}

/// Nobody reads more languages than this.
const MOST: usize = 32;

/// The tag of the offer that the header asks for first. What is no range is passed over.
pub fn lookup<'a>(accept_language: &str, offers: &[Offer<'a>]) -> Option<&'a str> {
    let mut ranges: Vec<(u16, &str)> = accept_language.split(',').take(MOST).filter_map(range).collect();
    // Those of the same weight stay in their order.
    ranges.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    ranges.iter().find_map(|(_, range)| of_range(range, offers))
}

/// A range and its weight in thousandths. None where it is no range, is any language, or is not wanted.
fn range(item: &str) -> Option<(u16, &str)> {
    let mut parts = item.split(';').map(str::trim);
    let range = parts.next()?;
    let subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !range.split('-').all(subtag) {
        return None;
    }
    let mut weight = 1_000;
    for parameter in parts {
        if let Some(value) = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")) {
            weight = thousandths(value)?;
        }
    }
    (weight > 0).then_some((weight, range))
}

/// `0.875` is 875.
fn thousandths(value: &str) -> Option<u16> {
    let (whole, rest) = value.split_once('.').unwrap_or((value, ""));
    if rest.len() > 3 || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let weight = match whole {
        "0" => format!("{rest:0<3}").parse().ok()?,
        "1" if rest.bytes().all(|byte| byte == b'0') => 1_000,
        _ => return None,
    };
    Some(weight)
}

fn of_range<'a>(range: &str, offers: &[Offer<'a>]) -> Option<&'a str> {
    let mut shorter = range;
    loop {
        let asks = |name: &&str| name.eq_ignore_ascii_case(shorter);
        let found = offers.iter().find(|offer| {
            let excluded = offer.excludes.iter().any(|excluded| begins(range, excluded));
            !excluded && (asks(&offer.tag) || offer.matches.iter().any(asks))
        });
        if let Some(offer) = found {
            return Some(offer.tag);
        }
        (shorter, _) = shorter.rsplit_once('-')?;
        // A single letter or digit says what kind the next subtag is; alone it says nothing.
        if let Some((before, last)) = shorter.rsplit_once('-')
            && last.len() == 1
        {
            shorter = before;
        }
    }
}

/// Is it that range, or a narrower one?
fn begins(range: &str, prefix: &str) -> bool {
    range.get(..prefix.len()).is_some_and(|start| {
        start.eq_ignore_ascii_case(prefix) && matches!(range.as_bytes().get(prefix.len()), None | Some(b'-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERS: [Offer; 4] = [
        Offer {
            tag: "en",
            matches: &[],
            excludes: &[],
        },
        Offer {
            tag: "de",
            matches: &[],
            excludes: &[],
        },
        Offer {
            tag: "pt",
            matches: &[],
            excludes: &[],
        },
        Offer {
            tag: "zh-Hans",
            matches: &["zh"],
            excludes: &["zh-Hant", "zh-TW", "zh-HK", "zh-MO"],
        },
    ];

    #[test]
    fn the_first_language_that_there_is_wins() {
        for (header, tag) in [
            ("de-CH, de;q=0.9, en;q=0.8", Some("de")),
            ("rm, fr;q=0.9, DE-at;q=0.8, en;q=0.1", Some("de")),
            ("en;q=0.3, pt-BR;q=0.5", Some("pt")),
            ("en;q=0, de;q=0.001", Some("de")),
            ("de;q=0.5, en;q=0.5", Some("de")),
            ("de-x-private", Some("de")),
            ("zh-CN", Some("zh-Hans")),
            ("zh-hans-SG", Some("zh-Hans")),
            ("zh-TW, en;q=0.5", Some("en")),
            ("zh-Hant-HK", None),
            ("zh-hk", None),
            ("ru, *", None),
            ("", None),
        ] {
            assert_eq!(lookup(header, &OFFERS), tag, "{header}");
        }
    }

    #[test]
    fn what_is_no_range_is_passed_over() {
        for header in [
            ";q=1, de;q=0.5",
            "de;q=2, de;q=0.5",
            "\u{202e}en, de",
            "en;q=abc, de",
            "e n, -, --, de",
            "en;q=0.1234, de;q=0.1",
            "abcdefghijkl, de;;",
        ] {
            assert_eq!(lookup(header, &OFFERS), Some("de"), "{header}");
        }
        assert_eq!(lookup(&"en-".repeat(10_000), &OFFERS), None);
        assert_eq!(lookup(&"x,".repeat(10_000), &OFFERS), None);
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_browser_sends_is_answered(header in ".*") {
            let found = lookup(&header, &OFFERS);
            proptest::prop_assert!(found.is_none_or(|tag| OFFERS.iter().any(|offer| offer.tag == tag)));
        }
    }
}
