//! Values of forms, as commands hold them.

use anteroom_domain::account::AccountRole;
use anteroom_domain::guest::GuestTerms;
use anteroom_domain::id::BranchId;
use anteroom_domain::organisation::{BranchTerms, Engine, ServiceTerms};
use anteroom_domain::time::OpeningHours;
use anteroom_domain::value::{Buffer, ConsentText, Minutes, PostalAddress};
use anteroom_service::{Chosen, NewAccount};

use super::PASSWORD;

pub fn guest() -> GuestTerms {
    GuestTerms {
        name: "Second Guest".parse().unwrap(),
        email: Some("second@example.org".parse().unwrap()),
        phone: None,
        language: "en".parse().unwrap(),
        zone: None,
    }
}

pub fn branch(name: &str) -> BranchTerms {
    BranchTerms {
        name: name.parse().unwrap(),
        zone: "UTC".parse().unwrap(),
        hours: OpeningHours {
            opens: 8 * 60,
            closes: 18 * 60,
        },
        phone: None,
        email: None,
        address: PostalAddress::default(),
    }
}

pub fn service(branch: BranchId, name: &str) -> ServiceTerms {
    ServiceTerms {
        branch,
        name: name.parse().unwrap(),
        minutes: Minutes::new(45).unwrap(),
        buffer_before: Buffer::default(),
        buffer_after: Buffer::default(),
        engine: Engine::Builtin,
        admit_first: false,
        consent: ConsentText::default(),
        active: true,
    }
}

pub fn new_account(branch: BranchId, role: AccountRole, email: &str) -> NewAccount {
    NewAccount {
        chosen: Chosen::ForOwner,
        entra_id: None,
        email: email.parse().unwrap(),
        name: "Nora New".parse().unwrap(),
        password: PASSWORD.parse().unwrap(),
        role,
        branch: Some(branch),
        zone: "UTC".parse().unwrap(),
    }
}
