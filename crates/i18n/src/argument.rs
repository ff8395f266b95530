use std::borrow::Cow;

use anteroom_domain::text::isolate;

use crate::{Direction, Lang};

/// What may stand in a sentence: a text of somebody's, or a number.
pub trait Argument {
    fn write(&self, lang: Lang, out: &mut String);
}

/// A whole number that a sentence agrees with.
pub trait Count: Argument {
    fn count(&self) -> u64;
}

impl<T: Argument + ?Sized> Argument for &T {
    fn write(&self, lang: Lang, out: &mut String) {
        (**self).write(lang, out);
    }
}

impl<T: Count + ?Sized> Count for &T {
    fn count(&self) -> u64 {
        (**self).count()
    }
}

/// Between Unicode's isolates (UAX #9) where it may be written in the other direction than the sentence: it does not reorder
/// the words around it, and they do not reorder it. A phone number in an Arabic sentence is one of them.
impl Argument for str {
    fn write(&self, lang: Lang, out: &mut String) {
        match lang.direction() {
            Direction::Ltr => out.push_str(&isolate(self)),
            Direction::Rtl => {
                out.push('\u{2068}');
                out.push_str(self);
                out.push('\u{2069}');
            }
        }
    }
}

/// An address that programs look for in a text: nothing stands around it that they could take for a part of it.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a>(pub &'a str);

impl Argument for Plain<'_> {
    fn write(&self, _: Lang, out: &mut String) {
        out.push_str(self.0);
    }
}

impl Argument for String {
    fn write(&self, lang: Lang, out: &mut String) {
        self.as_str().write(lang, out);
    }
}

impl Argument for Cow<'_, str> {
    fn write(&self, lang: Lang, out: &mut String) {
        (**self).write(lang, out);
    }
}

macro_rules! whole_numbers {
    ($($number:ty),*) => { $(
        impl Argument for $number {
            fn write(&self, lang: Lang, out: &mut String) {
                out.push_str(&lang.number(i64::try_from(*self).unwrap_or(i64::MAX)));
            }
        }

        impl Count for $number {
            fn count(&self) -> u64 {
                // Rules are about how much it is.
                i64::try_from(*self).unwrap_or(i64::MAX).unsigned_abs()
            }
        }
    )* };
}

whole_numbers!(u8, u16, u32, u64, usize, i8, i16, i32, i64);
