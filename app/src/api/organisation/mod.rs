pub mod accounts;
pub mod branches;
pub mod found;
pub mod list;
pub mod services;
pub mod teams;

/// Branches, services and accounts are kept by administrators; these pages show nothing to others.
#[cfg(feature = "ssr")]
fn must_be_admin(staff: &anteroom_service::Staff) -> Result<(), crate::api::ApiError> {
    if staff.is_admin() {
        Ok(())
    } else {
        Err(anteroom_service::Error::Forbidden.into())
    }
}
