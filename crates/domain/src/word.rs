//! The words of enums, as columns, forms and the wire spell them.

/// Gives enums that derive `strum::IntoStaticStr` a method for their word.
///
/// The method is written here because the one that strum writes (`const_into_str`) has no documentation.
macro_rules! into_str {
    ($($name:ty),*) => {$(
        impl $name {
            /// The variant's name in `snake_case`.
            pub fn into_str(self) -> &'static str {
                self.into()
            }
        }
    )*};
}

pub(crate) use into_str;
