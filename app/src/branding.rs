//! The organisation's name, colour and logo. They are configuration; everything else of the look is ours.

use std::fmt;
use std::str::FromStr;

use anteroom_domain::organisation::Contact;

/// An opaque colour, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write the accent colour as # and six hexadecimal digits, such as #0e5f6b")]
pub struct BadColour;

impl FromStr for Colour {
    type Err = BadColour;

    fn from_str(text: &str) -> Result<Self, BadColour> {
        let digits = text.trim().strip_prefix('#').ok_or(BadColour)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(BadColour);
        }
        let rgb = u32::from_str_radix(digits, 16).map_err(|_| BadColour)?;
        let [_, red, green, blue] = rgb.to_be_bytes();
        Ok(Self { red, green, blue })
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl Colour {
    const WHITE: Self = Self::rgb(0xff, 0xff, 0xff);
    const INK: Self = Self::rgb(0x10, 0x18, 0x1b);
    const BLACK: Self = Self::rgb(0, 0, 0);

    const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Relative luminance as WCAG 2.2 defines it.
    fn luminance(self) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(self.red) + 0.7152 * channel(self.green) + 0.0722 * channel(self.blue)
    }

    /// The contrast ratio of WCAG 2.2, 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// This colour with `percent` of another in it.
    fn mixed(self, other: Self, percent: u32) -> Self {
        let mix = |a: u8, b: u8| {
            let sum = u32::from(a) * (100 - percent.min(100)) + u32::from(b) * percent.min(100);
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Self::rgb(
            mix(self.red, other.red),
            mix(self.green, other.green),
            mix(self.blue, other.blue),
        )
    }

    /// The nearest shade towards `towards` that stands out from every background by at least `ratio`.
    fn readable_on(self, backgrounds: &[Self], towards: Self, ratio: f64) -> Self {
        (0..=100)
            .step_by(2)
            .map(|percent| self.mixed(towards, percent))
            .find(|shade| {
                backgrounds
                    .iter()
                    .all(|background| shade.contrast(*background) >= ratio)
            })
            .unwrap_or(towards)
    }

    /// What reads well on this colour. White and ink both fall short of 4.5 on a narrow band of middle tones; black
    /// never does where white does (the worst case is 4.58).
    fn ink(self) -> Self {
        [Self::WHITE, Self::INK]
            .into_iter()
            .find(|ink| self.contrast(*ink) >= 4.5)
            .unwrap_or(Self::BLACK)
    }
}

/// What makes an installation the organisation's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branding {
    pub organisation: String,
    pub accent: Colour,
    /// An address on this server (`/…`) or on `https:`.
    pub logo_url: Option<String>,
    /// How guests reach it whose branch is not known.
    pub contact: Contact,
    pub privacy_url: Option<String>,
    pub imprint_url: Option<String>,
}

impl Default for Branding {
    fn default() -> Self {
        Self {
            organisation: "Anteroom".into(),
            accent: Colour::rgb(0x0e, 0x5f, 0x6b),
            logo_url: None,
            contact: Contact::default(),
            privacy_url: None,
            imprint_url: None,
        }
    }
}

impl Branding {
    /// The address of [`brand_css`]. Its query changes with the accent, so that the answer may be cached for good.
    pub fn stylesheet_path(&self) -> String {
        format!(
            "/brand.css?v={:02x}{:02x}{:02x}",
            self.accent.red, self.accent.green, self.accent.blue
        )
    }

    /// What the browser needs of the branding, read from the head of the page. The colours are in the stylesheet.
    pub fn of_document() -> Self {
        #[cfg(feature = "hydrate")]
        {
            let meta = |name: &str| {
                let document = web_sys::window()?.document()?;
                document
                    .query_selector(&format!("meta[name={name}]"))
                    .ok()??
                    .get_attribute("content")
            };
            let default = Self::default();
            Self {
                organisation: meta("application-name").unwrap_or(default.organisation),
                logo_url: meta("anteroom-logo"),
                contact: Contact {
                    phone: meta("anteroom-phone").unwrap_or_default(),
                    email: meta("anteroom-email").unwrap_or_default(),
                    address: String::new(),
                },
                privacy_url: meta("anteroom-privacy"),
                imprint_url: meta("anteroom-imprint"),
                ..default
            }
        }
        #[cfg(not(feature = "hydrate"))]
        Self::default()
    }
}

/// The surfaces that text in the accent colour stands on: a sheet, the page, and what is set back. They are the same in
/// `style/tokens.css`, which a test holds.
const LIGHT_SURFACES: [Colour; 3] = [
    Colour::WHITE,
    Colour::rgb(0xf6, 0xf5, 0xf1),
    Colour::rgb(0xec, 0xeb, 0xe5),
];
const DARK_SURFACES: [Colour; 3] = [
    Colour::rgb(0x18, 0x20, 0x23),
    Colour::rgb(0x10, 0x16, 0x18),
    Colour::rgb(0x22, 0x2c, 0x30),
];

/// The accent as custom properties, for both themes. Every pair of text and background in it has a contrast of at
/// least 4.5, whatever the organisation's colour is: shades are moved until they do.
pub fn brand_css(branding: &Branding) -> String {
    let light = theme(branding.accent, &LIGHT_SURFACES, Colour::BLACK, 8);
    let dark = theme(branding.accent, &DARK_SURFACES, Colour::WHITE, 16);
    // Later and outside of every layer: it wins over the defaults in the tokens.
    format!(":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}")
}

fn theme(accent: Colour, surfaces: &[Colour; 3], towards: Colour, tint: u32) -> String {
    let [raised, page, _] = surfaces;
    let soft = raised.mixed(accent, tint);
    // A filled control must be seen against the page as well (3:1, WCAG 1.4.11).
    let fill = accent.readable_on(&[*raised, *page], towards, 3.0);
    let text = accent.readable_on(&[surfaces.as_slice(), &[soft]].concat(), towards, 4.5);
    let ink = fill.ink();
    // Under the pointer the fill moves away from its ink, so that the contrast grows.
    let hover = fill.mixed(
        if ink == Colour::WHITE {
            Colour::BLACK
        } else {
            Colour::WHITE
        },
        14,
    );
    format!(
        "--colour-accent:{fill};--colour-accent-hover:{hover};--colour-on-accent:{ink};--colour-accent-text:{text};--colour-accent-soft:{soft}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_colours() -> impl Iterator<Item = Colour> {
        (0..=255u8).step_by(51).flat_map(|red| {
            (0..=255u8)
                .step_by(51)
                .flat_map(move |green| (0..=255u8).step_by(51).map(move |blue| Colour::rgb(red, green, blue)))
        })
    }

    fn value(css: &str, name: &str) -> Colour {
        let rest = css.split_once(&format!("{name}:")).unwrap().1;
        rest[..7].parse().unwrap()
    }

    #[test]
    fn any_accent_gives_readable_text_in_both_themes() {
        for accent in all_colours() {
            for (surfaces, towards, tint) in [(LIGHT_SURFACES, Colour::BLACK, 8), (DARK_SURFACES, Colour::WHITE, 16)] {
                let css = theme(accent, &surfaces, towards, tint);
                let text = value(&css, "--colour-accent-text");
                let soft = value(&css, "--colour-accent-soft");
                let fill = value(&css, "--colour-accent");
                let hover = value(&css, "--colour-accent-hover");
                let ink = value(&css, "--colour-on-accent");
                for surface in surfaces {
                    assert!(text.contrast(surface) >= 4.5, "{accent}: {text} on {surface}");
                }
                assert!(text.contrast(soft) >= 4.5, "{accent}: {text} on {soft}");
                assert!(ink.contrast(fill) >= 4.5, "{accent}: {ink} on {fill}");
                assert!(ink.contrast(hover) >= 4.5, "{accent}: {ink} on {hover}");
                assert!(fill.contrast(surfaces[1]) >= 3.0, "{accent}: {fill} is not seen");
            }
        }
    }

    #[test]
    fn the_tokens_hold_the_same_surfaces_and_the_default_accent() {
        let tokens = include_str!("../../style/tokens.css");
        for surface in LIGHT_SURFACES.iter().chain(&DARK_SURFACES) {
            assert!(tokens.contains(&surface.to_string()), "{surface} is not in tokens.css");
        }
        for theme in [
            theme(Branding::default().accent, &LIGHT_SURFACES, Colour::BLACK, 8),
            theme(Branding::default().accent, &DARK_SURFACES, Colour::WHITE, 16),
        ] {
            for declaration in theme.split(';') {
                assert!(
                    tokens.contains(&declaration.replace(':', ": ")),
                    "{declaration} is not in tokens.css"
                );
            }
        }
    }

    #[test]
    fn only_six_hexadecimal_digits_are_a_colour() {
        assert_eq!("#0E5F6B".parse::<Colour>().unwrap().to_string(), "#0e5f6b");
        for bad in ["", "red", "#fff", "0e5f6b", "#0e5f6g", "#0e5f6b;", "#+e5f6b", "#é5f6b"] {
            assert_eq!(bad.parse::<Colour>(), Err(BadColour), "{bad}");
        }
    }

    #[test]
    fn the_address_of_the_stylesheet_changes_with_the_colour() {
        let other = Branding {
            accent: "#aa2200".parse().unwrap(),
            ..Branding::default()
        };
        assert_eq!(other.stylesheet_path(), "/brand.css?v=aa2200");
        assert_ne!(other.stylesheet_path(), Branding::default().stylesheet_path());
    }
}
