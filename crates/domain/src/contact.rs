//! How a person is named and reached: checks that bring a name, an e-mail address or a telephone number into the one
//! form in which it is stored and compared.

use crate::text;
use crate::value::error::ValueError;

/// Checks a name: 1 to 100 characters, at least one of them visible.
///
/// Spaces are collapsed, and invisible characters from a paste are dropped (see [`text::one_line`]). Otherwise the name
/// stays as its owner writes it.
pub(crate) fn check_name(text: &str) -> Result<String, ValueError> {
    let name = text::one_line(text);
    if name.chars().all(|c| text::is_joiner(c) || c.is_whitespace()) {
        return Err(ValueError::NameMissing);
    }
    if name.chars().count() > 100 {
        return Err(ValueError::TooLong { most: 100 });
    }
    Ok(name)
}

/// Checks an e-mail address: a local part of up to 64 bytes (RFC 5321 §4.5.3.1.1), `@`, and a domain with a dot, of up
/// to 253 bytes in its ASCII form. A `mailto:` link and `Name <address>` are accepted, too.
///
/// The domain is returned in Unicode and in lower case, because it arrives in several forms: browsers send it in ASCII
/// (IDNA), people type it with capitals or decomposed letters. The local part keeps its case. Only a mail can show
/// whether the address exists.
pub(crate) fn check_email(text: &str) -> Result<String, ValueError> {
    const ADVICE: ValueError = ValueError::EmailAddress;
    let text = text::without_spaces(strip_scheme(text.trim(), "mailto:"));
    // Mail programs copy an address as "Anna Keller <anna@example.com>".
    let text = match text.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').ok_or(ADVICE)?,
        None => &text,
    };
    let (local, domain) = text.rsplit_once(['@', '\u{FF20}']).ok_or(ADVICE)?;
    let domain = idna::domain_to_ascii_strict(domain).map_err(|_| ADVICE)?;
    let domain_is_good =
        domain.len() <= 253 && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.');
    let local_is_good = !local.is_empty()
        && local.len() <= 64
        && !local
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "\"(),:;<>@[\\]".contains(c));
    if domain_is_good && local_is_good {
        Ok(format!("{local}@{}", idna::domain_to_unicode(&domain).0))
    } else {
        Err(ADVICE)
    }
}

/// The key by which e-mail addresses are compared, in lower case: people do not distinguish `Anna@` from `anna@`.
///
/// Text that is no address has a key as well. It equals the key of no real address, so a look-up finds nobody.
pub fn email_key(text: &str) -> String {
    check_email(text)
        .unwrap_or_else(|_| text.trim().to_owned())
        .to_lowercase()
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> &'a str {
    match text.get(..scheme.len()) {
        Some(start) if start.eq_ignore_ascii_case(scheme) => text.get(scheme.len()..).unwrap_or_default(),
        _ => text,
    }
}

/// Checks a telephone number and returns it in E.164: `+` and 7 to 15 digits.
///
/// Accepted are digits of any script, punctuation between them, `00` for `+`, and a leading `tel:`. A zero in brackets
/// is dropped, because it is dialled only within the country. In the numbers of Italy and San Marino it stays, because
/// there it is part of the number (ITU-T, national numbering plans).
pub(crate) fn check_phone(text: &str) -> Result<String, ValueError> {
    const ADVICE: ValueError = ValueError::PhoneNumber;
    let text = text::without_spaces(strip_scheme(text.trim(), "tel:"));
    let mut number = String::new();
    for c in text.chars() {
        match text::digit(c) {
            Some(digit) => number.push(digit),
            None if matches!(c, '+' | '\u{FF0B}') && number.is_empty() => number.push('+'),
            None if c == '(' || c == ')' => number.push(c),
            None if c.is_alphanumeric() || matches!(c, '+' | ';' | '#' | '*' | ',' | '@') => return Err(ADVICE),
            None => {}
        }
    }
    if let Some(rest) = number.strip_prefix("00") {
        number = format!("+{rest}");
    }
    let keeps_zero = number.starts_with("+39") || number.starts_with("+378");
    let trunk = number.find("(0)").filter(|_| !keeps_zero);
    if let Some(at) = trunk {
        number.replace_range(at..at + 3, "");
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let is_good = number.starts_with('+') && (7..=15).contains(&digits.len()) && !digits.starts_with('0');
    if is_good { Ok(format!("+{digits}")) } else { Err(ADVICE) }
}

/// The digits by which a telephone number is searched for: without leading zeros, which are dialled but not stored.
///
/// None if `text` is no number, or if fewer than 3 digits are left.
pub fn phone_tail(text: &str) -> Option<String> {
    let text = text::without_spaces(text);
    let is_number = text
        .chars()
        .all(|c| text::digit(c).is_some() || "+-/().\u{2010}\u{2011}\u{2013}".contains(c));
    let digits: String = text.replace("(0)", "").chars().filter_map(text::digit).collect();
    let tail = digits.trim_start_matches('0');
    (is_number && tail.len() >= 3).then(|| tail.to_owned())
}

/// The longest published telephone number, in characters: room for the numbers of a country, an area and an extension.
pub const MAX_PUBLISHED_PHONE_CHARS: usize = 40;

/// Checks a telephone number that guests read and call.
///
/// The number stays as it was typed, because each country groups the digits in its own way.
pub(crate) fn check_published_phone(text: &str) -> Result<String, ValueError> {
    let text = text.trim();
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '\u{a0}' | '-' | '.' | '/' | '(' | ')');
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match text {
        // The numbers of switchboards and emergency services have as few as three digits.
        _ if digits >= 3 && text.chars().count() <= MAX_PUBLISHED_PHONE_CHARS && text.chars().all(is_part) => {
            Ok(text.to_owned())
        }
        _ => Err(ValueError::PublishedPhone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_stray_spaces_and_what_nobody_sees_and_nothing_else() {
        assert_eq!(check_name("  Zoë \u{a0} van  der Berg ").unwrap(), "Zoë van der Berg");
        for hidden in [
            " \t ",
            "",
            "\u{200B}",
            "\u{2060}\u{FEFF}",
            "\u{200D}",
            "\u{3164}",
            "\u{2800}\u{2800}",
        ] {
            assert!(check_name(hidden).is_err(), "{}", hidden.escape_unicode());
        }
        assert!(check_name(&"x".repeat(101)).is_err());
        assert_eq!(check_name("Anna\u{202E}gnp.exe").unwrap(), "Annagnp.exe");
        for same in [
            "Anna\u{200B}",
            "An\u{AD}na",
            "\u{202D}Anna",
            "Anna\u{2067}",
            "Anna\u{E0041}",
        ] {
            assert_eq!(check_name(same).as_deref(), Ok("Anna"), "{}", same.escape_unicode());
        }
    }

    #[test]
    fn addresses_have_one_form() {
        for (typed, kept) in [
            ("a@b.ch", "a@b.ch"),
            (" name+tag@Sub.Example.COM ", "name+tag@sub.example.com"),
            ("o'neil@example.org\u{200B}", "o'neil@example.org"),
            ("mailto:anna@example.org", "anna@example.org"),
            ("Anna Keller <anna@example.org>", "anna@example.org"),
            ("käthe@MÜLLER.de", "käthe@müller.de"),
            // Odd but valid (RFC 5322 §3.2.3). Code that makes a link of it must encode it.
            ("r&d=x?y/z@example.org", "r&d=x?y/z@example.org"),
            ("ka\u{308}the@mu\u{308}ller.de", "käthe@müller.de"),
            ("käthe@xn--mller-kva.de", "käthe@müller.de"),
            ("anna@xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g", "anna@उदाहरण.परीक्षा"),
            ("anna@उदाहरण.परीक्षा", "anna@उदाहरण.परीक्षा"),
        ] {
            assert_eq!(check_email(typed).as_deref(), Ok(kept), "{typed}");
        }
        assert_eq!(email_key("Käthe@MÜLLER.de"), email_key("käthe@xn--mller-kva.de"));
        for bad in [
            "",
            "a@b",
            "@example.com",
            "a@-x.com",
            "a@x..com",
            "a@.example.com",
            "a@b.ch>,<c@d.ch",
            "a@example.com?subject=x",
            "a@exa_mple.com",
        ] {
            assert!(check_email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_become_e164() {
        for (typed, kept) in [
            ("+49 (30) 123-4567", "+49301234567"),
            ("0041 44 668 18 00", "+41446681800"),
            ("+49 (0)30 1234567", "+49301234567"),
            ("0049 (0) 30 / 12 34 567", "+49301234567"),
            ("+39 06 1234 5678", "+390612345678"),
            ("+39 (0)6 1234 5678", "+390612345678"),
            ("tel:+49-30-1234567", "+49301234567"),
            ("\u{202A}+49 30 1234567\u{202C}", "+49301234567"),
            ("＋４９　３０　１２３４５６７", "+49301234567"),
            ("+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧", "+966501234567"),
            ("+49\u{2011}30\u{2013}1234567", "+49301234567"),
        ] {
            assert_eq!(check_phone(typed).as_deref(), Ok(kept), "{typed}");
        }
        for bad in [
            "",
            "030 1234567",
            "+49 30 CALL",
            "+49 30 1234567 ext 5",
            "+49+301234567",
            "+0 30 1234567",
            "+49 30 1234567;x",
        ] {
            assert!(check_phone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_number_is_looked_for_as_people_write_it() {
        for typed in [
            "030 1234567",
            "+49 (0)30 1234567",
            "0049 30 1234567",
            "30-1234567",
            "٠٣٠ ١٢٣٤٥٦٧",
        ] {
            let tail = phone_tail(typed).unwrap();
            assert!("+49301234567".ends_with(&tail), "{typed}: {tail}");
        }
        for other in ["Anna", "a1234", "12", "00", ""] {
            assert_eq!(phone_tail(other), None, "{other}");
        }
    }

    #[test]
    fn a_published_number_stays_as_its_country_writes_it() {
        for number in [
            "044 555 01 00",
            "+41 (0)44 555 01 00",
            "112",
            "020 7946 0100",
            "069/1234-0",
        ] {
            assert_eq!(check_published_phone(&format!(" {number} ")).as_deref(), Ok(number));
        }
        for text in [
            "",
            "12",
            "ask Anna",
            "javascript:1234",
            "044 555 01 00 ext. 3",
            &"1".repeat(41),
        ] {
            assert!(check_published_phone(text).is_err(), "{text}");
        }
    }
}
