//! What goes onto the wire to Azure, and what is made of whatever comes back from it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may stop on surprise"
)]

mod acs;
mod entra;
mod far;
mod setup;
