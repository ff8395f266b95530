//! Ids are the row numbers of their tables, typed so that one cannot be given for another. They are shown to staff
//! only; what a guest holds is an invitation secret.

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

id! {
    BranchId
    ServiceId
    AccountId
    ConsultationId
    GuestId
    InvitationId
    VisitId
    SessionId
    EventId
    MessageId
    /// One version of what a service asks its guests to agree to.
    ConsentId
}
