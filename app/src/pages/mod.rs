//! Pages: one folder an area, one file a route. A page is its `data()`, a resource, and its view.

pub mod about;
pub mod admin;
pub mod guest;
mod live;
mod load;
mod param;
pub mod session;
pub mod staff;
mod zone_field;

#[cfg(feature = "hydrate")]
pub(crate) use live::hands_are_full;
pub use live::live;
pub use load::Load;
pub use param::id_param;
#[cfg(feature = "hydrate")]
pub(crate) use zone_field::own_zone;
pub use zone_field::{ZoneField, ZoneList, ZoneOptions};
