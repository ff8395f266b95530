//! What is not at hand on Microsoft's side, or not yet: what a guest is told, and what becomes of what was begun there.

use std::collections::BTreeSet;

use anteroom_domain::signalling::{FromServer, TeamsFromServer};
use anteroom_emulator::{AccessPolicy, TenantChange};
use jiff::SignedDuration;

use super::support::{Seat, at};
use super::teams::{Bank, teams_credentials};

/// The sentence, and whether there is another way.
async fn unavailable(seat: &mut Seat) -> (String, bool) {
    seat.until("the sentence", |message| match message {
        FromServer::Teams {
            teams: TeamsFromServer::Unavailable { text, open },
        } => Some((text.clone(), open.is_some())),
        _ => None,
    })
    .await
}

fn policy(bank: &Bank, policy: AccessPolicy) {
    bank.microsoft.change_tenant(TenantChange {
        access_policy: Some(policy),
        ..TenantChange::default()
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_whose_meeting_is_nowhere_yet_reads_nothing_of_settings_and_is_let_in_once_it_is_made() {
    let bank = Bank::open_with_graph().await;
    policy(&bank, AccessPolicy::Users(BTreeSet::new()));
    let mut anna = bank.app.anna().await;
    let booked = bank.app.book(&mut anna, &bank.form_without_link("10:00")).await;
    bank.app.clock.set(at("2027-03-01T08:50:00Z"));
    let token = bank.app.join(&booked.secret, "Zeb").await;
    let mut seat = bank.app.seat(&token).await;
    let (text, has_other_way) = unavailable(&mut seat).await;
    assert!(text.ends_with("Try again in a minute.") && !has_other_way, "{text}");
    let heard = format!("{:?}", seat.heard);
    for word in ["PowerShell", "Grant-Cs", "Policy", "administrator", "Entra", "Graph"] {
        assert!(!heard.contains(word), "{word}: {heard}");
    }
    assert!(
        !seat
            .heard
            .iter()
            .any(|message| matches!(message, FromServer::Refused { .. })),
        "it is no refusal that passes by"
    );
    // The admin reads what to do.
    bank.errands().await;
    let mut admin = bank.app.sign_in("admin@example.org").await;
    admin
        .get("/admin/teams")
        .await
        .expect(200)
        .says("Grant-CsApplicationAccessPolicy");
    // Nobody presses anything: the guest's page has what it needs as soon as the meeting is made.
    policy(&bank, AccessPolicy::Everyone);
    bank.app.clock.advance(SignedDuration::from_mins(5));
    bank.errands().await;
    teams_credentials(&mut seat).await;
    assert_eq!(bank.microsoft.inspect().meetings.len(), 1);
    bank.close().await;
}
