use jiff::Timestamp;

/// From when until when a certificate is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    pub from: Timestamp,
    pub until: Timestamp,
}

/// Tags of DER (X.690 §8).
const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

impl Validity {
    /// Of a certificate in DER (RFC 5280 §4.1). Whether it is genuine is for others to say.
    pub(crate) fn of(certificate: &[u8]) -> Option<Self> {
        let mut whole = Reader(certificate);
        let mut certificate = Reader(whole.take(SEQUENCE)?);
        let mut fields = Reader(certificate.take(SEQUENCE)?);
        // One of the first version does not say its version.
        if fields.0.first() == Some(&VERSION) {
            fields.take(VERSION)?;
        }
        // Its number, the algorithm of the signature, who issued it.
        for tag in [INTEGER, SEQUENCE, SEQUENCE] {
            fields.take(tag)?;
        }
        let mut validity = Reader(fields.take(SEQUENCE)?);
        Some(Self {
            from: validity.time()?,
            until: validity.time()?,
        })
    }
}

/// What is left to be read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The content of the next element, which has this tag.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (&found, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        // From 128 on it says in how many bytes the length follows.
        if length >= 0x80 {
            let (bytes, after) = rest.split_at_checked(length - 0x80)?;
            if bytes.len() > size_of::<u32>() {
                return None;
            }
            length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            rest = after;
        }
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        (found == tag).then_some(content)
    }

    /// `YYMMDDHHMMSSZ` up to 2049, with four digits of the year from then on.
    fn time(&mut self) -> Option<Timestamp> {
        let tag = *self.0.first()?;
        let text = std::str::from_utf8(self.take(tag)?).ok()?;
        let text = match tag {
            UTC_TIME if text < "50" => format!("20{text}"),
            UTC_TIME => format!("19{text}"),
            GENERALIZED_TIME => text.to_owned(),
            _ => return None,
        };
        let part = |from: usize, to: usize| text.get(from..to);
        let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
        let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
        format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z").parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let mut bytes = vec![tag];
        if let 0..0x80 = length {
            bytes.push(u8::try_from(length).unwrap());
        } else {
            bytes.push(0x82);
            bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        bytes.extend_from_slice(content);
        bytes
    }

    fn certificate(is_first_version: bool, times: [(u8, &str); 2]) -> Vec<u8> {
        let [from, until] = times.map(|(tag, text)| element(tag, text.as_bytes()));
        let version = if is_first_version {
            Vec::new()
        } else {
            element(VERSION, &element(INTEGER, &[2]))
        };
        let fields = [
            version,
            element(INTEGER, &[7; 16]),
            element(SEQUENCE, b"algorithm"),
            element(SEQUENCE, &[0; 200]),
            element(SEQUENCE, &[from, until].concat()),
            element(SEQUENCE, b"subject"),
        ];
        let fields = element(SEQUENCE, &fields.concat());
        element(SEQUENCE, &[fields, element(SEQUENCE, b"signature")].concat())
    }

    #[test]
    fn a_certificate_says_from_when_until_when_it_is_good() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for is_first_version in [true, false] {
            let times = [(UTC_TIME, "261124120000Z"), (GENERALIZED_TIME, "20500101000000Z")];
            let expected = Validity {
                from: at("2026-11-24T12:00:00Z"),
                until: at("2050-01-01T00:00:00Z"),
            };
            assert_eq!(Validity::of(&certificate(is_first_version, times)), Some(expected));
        }
        let past = [(UTC_TIME, "500101000000Z"), (UTC_TIME, "991231235959Z")];
        let past = Validity::of(&certificate(false, past)).unwrap();
        assert_eq!(past.from, at("1950-01-01T00:00:00Z"));
        let odd = [(UTC_TIME, "26112412"), (0x0c, "20500101000000Z")];
        assert_eq!(Validity::of(&certificate(false, odd)), None);
    }

    proptest! {
        #[test]
        fn whatever_is_cut_off_or_changed_is_refused_or_read(
            length in 0_usize..400,
            at in 0_usize..400,
            byte in any::<u8>(),
        ) {
            let times = [(UTC_TIME, "261124120000Z"), (UTC_TIME, "270222120000Z")];
            let mut bytes = certificate(false, times);
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            bytes.truncate(length);
            let _ = Validity::of(&bytes);
        }

        #[test]
        fn no_bytes_at_all_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = Validity::of(&bytes);
        }
    }
}
