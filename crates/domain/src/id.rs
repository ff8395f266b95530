//! Ids: the row numbers of tables, each of a type of its own, so that the id of one thing cannot stand for another's.
//!
//! Only staff see ids. A guest is known by the secret of an invitation.

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(
            /// The row number.
            pub i64,
        );

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
    /// The id of a [`Branch`](crate::organisation::Branch).
    BranchId
    /// The id of a [`Service`](crate::organisation::Service).
    ServiceId
    /// The id of a staff [`Account`](crate::account::Account).
    AccountId
    /// The id of a [`Consultation`](crate::consultation::Consultation).
    ConsultationId
    /// The id of a [`Guest`](crate::guest::Guest).
    GuestId
    /// The id of an invitation: one link of one guest.
    InvitationId
    /// The id of a [`Visit`](crate::visit::Visit).
    VisitId
    /// The id of one sign-in of an account in one browser. It is never given twice.
    SessionId
    /// The number of an [`Event`](crate::event::Event). Later events have higher numbers.
    EventId
    /// The id of a [`ChatMessage`](crate::chat::ChatMessage).
    MessageId
    /// The id of an identity that was asked for at a provider, for one visit.
    IdentityId
    /// The id of a job: work that is done after the change that asks for it.
    JobId
    /// The id of a [`Consent`](crate::organisation::Consent): one version of the text that a service asks its guests to
    /// agree to.
    ConsentId
}
