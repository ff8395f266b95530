mod ci;
mod deps;
mod e2e;
mod fmt;
mod lint;
mod programs;
mod shots;
mod teams;
mod test;

pub use ci::ci;
pub use deps::deps;
pub use e2e::e2e;
pub use fmt::fmt;
pub use lint::lint;
pub use shots::shots;
pub use teams::teams;
pub use test::test;
