//! What goes onto the wire to Azure, and what is made of whatever comes back from it.

mod acs;
mod entra;
mod far;
mod setup;
