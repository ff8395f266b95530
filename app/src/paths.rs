//! Every URL of the application.

use anteroom_domain::id::{AccountId, BranchId, ConsultationId, GuestId, ServiceId, SessionId};

pub const TODAY: &str = "/";
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_OUT: &str = "/sign-out";
pub const SIGN_OUT_EVERYWHERE: &str = "/account/sign-out-everywhere";
pub const SET_UP: &str = "/setup";
pub const ACCOUNT: &str = "/account";
/// What this site is made with.
pub const ABOUT: &str = "/about";
/// Takes the choice of a language.
pub const LANGUAGE: &str = "/language";
pub const CONSULTATIONS: &str = "/consultations";
pub const SCHEDULE: &str = "/consultations/new";

/// The same, for the guest of a consultation that was.
pub fn schedule_again(id: ConsultationId) -> String {
    format!("{SCHEDULE}?again={id}")
}
pub const DASHBOARD: &str = "/dashboard";
pub const DASHBOARD_CSV: &str = "/dashboard/consultations.csv";
pub const BRANCHES: &str = "/admin/branches";
pub const SERVICES: &str = "/admin/services";
pub const ACCOUNTS: &str = "/admin/accounts";
pub const TEAMS: &str = "/admin/teams";
/// Work in the background.
pub const JOBS: &str = "/admin/jobs";
/// Where an admin takes note of an identity that may exist at Microsoft's.
pub const TEAMS_IDENTITIES: &str = "/admin/teams/identities";
pub const SEAT_SOCKET: &str = "/socket/seat";
pub const STAFF_SOCKET: &str = "/socket/staff";

/// Ends one of one's own sessions.
pub fn end_session(id: SessionId) -> String {
    format!("{ACCOUNT}/sessions/{id}/end")
}

pub fn consultation(id: ConsultationId) -> String {
    format!("/consultations/{id}")
}

pub fn edit(id: ConsultationId) -> String {
    format!("/consultations/{id}/edit")
}

pub fn room(id: ConsultationId) -> String {
    format!("/consultations/{id}/room")
}

pub fn events_csv(id: ConsultationId) -> String {
    format!("/consultations/{id}/events.csv")
}

pub fn cancel(id: ConsultationId) -> String {
    format!("/consultations/{id}/cancel")
}

pub fn outcome(id: ConsultationId) -> String {
    format!("/consultations/{id}/outcome")
}

pub fn add_guest(id: ConsultationId) -> String {
    format!("/consultations/{id}/guests")
}

/// One guest's particulars.
pub fn guest(id: ConsultationId, guest: GuestId) -> String {
    format!("/consultations/{id}/guests/{guest}")
}

/// Makes and closes the link with which many register.
pub fn open_registration(id: ConsultationId) -> String {
    format!("/consultations/{id}/registration")
}

pub fn close_registration(id: ConsultationId) -> String {
    format!("/consultations/{id}/registration/close")
}

pub fn registration(secret: &str) -> String {
    format!("/r/{secret}")
}

/// Makes a fresh link for a guest.
pub fn make_link(id: ConsultationId, guest: GuestId) -> String {
    format!("/consultations/{id}/guests/{guest}/link")
}

pub fn revoke_links(id: ConsultationId, guest: GuestId) -> String {
    format!("/consultations/{id}/guests/{guest}/revoke")
}

/// Takes a guest out, and takes that back.
pub fn remove_guest(id: ConsultationId, guest: GuestId) -> String {
    format!("/consultations/{id}/guests/{guest}/out")
}

pub fn take_back(id: ConsultationId, guest: GuestId) -> String {
    format!("/consultations/{id}/guests/{guest}/back")
}

pub fn branch(id: BranchId) -> String {
    format!("{BRANCHES}/{id}")
}

pub fn service(id: ServiceId) -> String {
    format!("{SERVICES}/{id}")
}

pub fn account(id: AccountId) -> String {
    format!("{ACCOUNTS}/{id}")
}

/// The guest's own link. The secret is in the path, which goes to no other site.
pub fn invitation(secret: &str) -> String {
    format!("/j/{secret}")
}

pub fn device_check(secret: &str) -> String {
    format!("/j/{secret}/check")
}

pub fn guest_cancel(secret: &str) -> String {
    format!("/j/{secret}/cancel")
}

pub fn rate(secret: &str) -> String {
    format!("/j/{secret}/rate")
}

pub fn calendar(secret: &str) -> String {
    format!("/j/{secret}/appointment.ics")
}

/// An address may hold what a link takes for a subject or for more people to write to (RFC 6068 §2).
pub fn mail_to(email: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@+".contains(&byte);
    email.bytes().fold("mailto:".to_owned(), |mut link, byte| {
        if is_plain(byte) {
            link.push(char::from(byte));
        } else {
            link.push_str(&format!("%{byte:02X}"));
        }
        link
    })
}

/// Sign-in that leads back afterwards.
pub fn sign_in_then(next: &str) -> String {
    match serde_urlencoded::to_string([("next", next)]) {
        Ok(query) => format!("{SIGN_IN}?{query}"),
        Err(_) => SIGN_IN.to_owned(),
    }
}

/// Where `next` may lead: a path of ours, never another site.
pub fn safe_next(next: &str) -> &str {
    let is_path =
        next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && !next.contains(char::is_control);
    if is_path { next } else { TODAY }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_to_one_address() {
        assert_eq!(mail_to("anna+x@example.org"), "mailto:anna+x@example.org");
        assert_eq!(mail_to("x?bcc=y&z@example.org"), "mailto:x%3Fbcc%3Dy%26z@example.org");
        assert_eq!(mail_to("k\u{e4}the@example.org"), "mailto:k%C3%A4the@example.org");
    }

    #[test]
    fn a_sign_in_leads_to_no_other_site() {
        for bad in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/a\r\nb",
        ] {
            assert_eq!(safe_next(bad), TODAY, "{bad:?}");
        }
        assert_eq!(safe_next("/consultations?page=2"), "/consultations?page=2");
    }
}
