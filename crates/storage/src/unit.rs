//! One transaction, read or write. The statements of each noun are in the file of that noun; here they are put together
//! into the port's traits.

use anteroom_domain::account::Account;
use anteroom_domain::chat::ChatMessage;
use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::figures::{Range, Spread};
use anteroom_domain::guest::Guest;
use anteroom_domain::id::{AccountId, BranchId, ConsultationId, EventId, GuestId, ServiceId, SessionId, VisitId};
use anteroom_domain::organisation::{Branch, Service};
use anteroom_domain::time::Span;
use anteroom_domain::view::{
    ConsentVersion, ConsultationPage, ConsultationRow, FailedErrand, HistoryLine, ListQuery, OpenSession,
    OutstandingIdentity, Waiting,
};
use anteroom_domain::visit::{Role, Visit};
use anteroom_service::port::{
    AccountSecret, Attempt, Clash, DueIdentity, Errand, ErrandKind, ExportRow, FiguresRow, Invited, LastChange,
    NewConsultation, NewGuest, NewPassword, NewVisit, Reads, RoomVisit, SessionRow, Sessions, StoreError, UsageRow,
    Writes,
};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Sqlite, SqliteConnection, Transaction};

use crate::error::internal;
use crate::{account, consultation, figures, guest, list, organisation, registration, teams, visit};

type Result<T> = std::result::Result<T, StoreError>;

pub struct Unit {
    pub tx: Transaction<'static, Sqlite>,
}

impl Unit {
    fn db(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }
}

#[async_trait]
impl Reads for Unit {
    async fn branches(&mut self) -> Result<Vec<Branch>> {
        organisation::branches(self.db()).await
    }
    async fn branch(&mut self, id: BranchId) -> Result<Option<Branch>> {
        organisation::branch(self.db(), id).await
    }
    async fn services(&mut self, branch: Option<BranchId>) -> Result<Vec<Service>> {
        organisation::services(self.db(), branch).await
    }
    async fn service(&mut self, id: ServiceId) -> Result<Option<Service>> {
        organisation::service(self.db(), id).await
    }
    async fn consents(&mut self, service: ServiceId) -> Result<Vec<ConsentVersion>> {
        organisation::consents(self.db(), service).await
    }
    async fn accounts(&mut self, branch: Option<BranchId>) -> Result<Vec<Account>> {
        account::all(self.db(), branch).await
    }
    async fn account(&mut self, id: AccountId) -> Result<Option<Account>> {
        account::one(self.db(), id).await
    }
    async fn account_by_email(&mut self, email: &str) -> Result<Option<AccountSecret>> {
        account::by_email(self.db(), email).await
    }
    async fn has_admin(&mut self) -> Result<bool> {
        account::has_admin(self.db()).await
    }
    async fn session(&mut self, secret_hash: &[u8; 32]) -> Result<Option<SessionRow>> {
        account::session(self.db(), secret_hash).await
    }
    async fn sessions_of(&mut self, account: AccountId) -> Result<Vec<OpenSession>> {
        account::sessions_of(self.db(), account).await
    }
    async fn knows_browser(&mut self, secret_hash: &[u8; 32], account: AccountId) -> Result<bool> {
        account::knows_browser(self.db(), secret_hash, account).await
    }
    async fn sign_in_failures(&mut self, key_hash: &[u8; 32], since: Timestamp) -> Result<i64> {
        account::failures(self.db(), key_hash, since).await
    }
    async fn consultation(&mut self, id: ConsultationId) -> Result<Option<Consultation>> {
        consultation::one(self.db(), id).await
    }
    async fn consultations(&mut self, query: &ListQuery) -> Result<ConsultationPage> {
        list::page(self.db(), query).await
    }
    async fn export(&mut self, query: &ListQuery) -> Result<Vec<ExportRow>> {
        list::export(self.db(), query).await
    }
    async fn day(&mut self, branch: Option<BranchId>, span: Span) -> Result<Vec<ConsultationRow>> {
        list::day(self.db(), branch, span).await
    }
    async fn clash(&mut self, host: AccountId, span: Span, except: Option<ConsultationId>) -> Result<Option<Clash>> {
        consultation::clash(self.db(), host, span, except).await
    }
    async fn busy(&mut self, host: AccountId, span: Span, except: Option<ConsultationId>) -> Result<Vec<Span>> {
        consultation::busy(self.db(), host, span, except).await
    }
    async fn history(&mut self, consultation: ConsultationId) -> Result<Vec<HistoryLine>> {
        consultation::history(self.db(), consultation).await
    }
    async fn start_before(&mut self, consultation: ConsultationId, at: Timestamp) -> Result<Option<Timestamp>> {
        consultation::start_before(self.db(), consultation, at).await
    }
    async fn last_change(&mut self, consultation: ConsultationId) -> Result<Option<LastChange>> {
        consultation::last_change(self.db(), consultation).await
    }
    async fn overdue(&mut self, now: Timestamp) -> Result<Vec<Consultation>> {
        consultation::overdue(self.db(), now).await
    }
    async fn one_sided(&mut self, now: Timestamp) -> Result<Vec<Consultation>> {
        consultation::one_sided(self.db(), now).await
    }
    async fn guests(&mut self, consultation: ConsultationId) -> Result<Vec<Guest>> {
        guest::of(self.db(), consultation).await
    }
    async fn guest(&mut self, id: GuestId) -> Result<Option<Guest>> {
        guest::one(self.db(), id).await
    }
    async fn invitation(&mut self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<Invited>> {
        guest::invitation(self.db(), secret_hash, now).await
    }
    async fn registration(&mut self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<Consultation>> {
        registration::find(self.db(), secret_hash, now).await
    }
    async fn has_registration(&mut self, consultation: ConsultationId, now: Timestamp) -> Result<bool> {
        registration::has(self.db(), consultation, now).await
    }
    async fn holds_link(&mut self, guest: GuestId, now: Timestamp) -> Result<bool> {
        registration::holds_link(self.db(), guest, now).await
    }
    async fn taken_seats(&mut self, consultation: ConsultationId, role: Role, now: Timestamp) -> Result<i64> {
        registration::taken_seats(self.db(), consultation, role, now).await
    }
    async fn registered_after_a_removal(&mut self, guest: GuestId, consultation: ConsultationId) -> Result<bool> {
        registration::after_a_removal(self.db(), guest, consultation).await
    }
    async fn good_invitations(&mut self, consultation: ConsultationId, now: Timestamp) -> Result<i64> {
        guest::good_invitations(self.db(), consultation, now).await
    }
    async fn visit(&mut self, id: VisitId) -> Result<Option<Visit>> {
        visit::one(self.db(), id).await
    }
    async fn visit_by_token(&mut self, token_hash: &[u8; 32]) -> Result<Option<Visit>> {
        visit::by_token(self.db(), token_hash).await
    }
    async fn visits(&mut self, consultation: ConsultationId) -> Result<Vec<Visit>> {
        visit::of(self.db(), consultation).await
    }
    async fn room_visits(&mut self, consultation: ConsultationId) -> Result<Vec<RoomVisit>> {
        visit::room(self.db(), consultation).await
    }
    async fn open_visits(&mut self) -> Result<Vec<VisitId>> {
        visit::open(self.db()).await
    }
    async fn open_visits_of(&mut self, account: AccountId, sessions: Sessions) -> Result<Vec<Visit>> {
        visit::open_of(self.db(), account, sessions).await
    }
    async fn arrivals(&mut self, guest: GuestId, since: Timestamp) -> Result<i64> {
        visit::arrivals(self.db(), guest, since).await
    }
    async fn lost_visits(&mut self, before: Timestamp) -> Result<Vec<Visit>> {
        visit::lost(self.db(), before).await
    }
    async fn waiting(&mut self, branch: Option<BranchId>) -> Result<Vec<Waiting>> {
        visit::waiting(self.db(), branch).await
    }
    async fn messages(&mut self, consultation: ConsultationId, most: u32) -> Result<Vec<ChatMessage>> {
        visit::messages(self.db(), consultation, most).await
    }
    async fn counts(&mut self, range: &Range, days: &[Timestamp]) -> Result<Vec<FiguresRow>> {
        figures::counts(self.db(), range, days).await
    }
    async fn waits(&mut self, range: &Range, span: Span) -> Result<Spread> {
        figures::waits(self.db(), range, span).await
    }
    async fn lengths(&mut self, range: &Range, span: Span) -> Result<Spread> {
        figures::lengths(self.db(), range, span).await
    }
    async fn has_happened(
        &mut self,
        consultation: ConsultationId,
        visit: VisitId,
        kind: &EventKind,
        since: Timestamp,
    ) -> Result<bool> {
        teams::has_happened(self.db(), consultation, visit, kind, since).await
    }
    async fn newest_event(&mut self) -> Result<EventId> {
        figures::newest_event(self.db()).await
    }
    async fn identity_of(&mut self, visit: VisitId) -> Result<Option<String>> {
        teams::identity_of(self.db(), visit).await
    }
    async fn identities_since(
        &mut self,
        consultation: ConsultationId,
        guest: GuestId,
        since: Timestamp,
    ) -> Result<i64> {
        teams::identities_since(self.db(), consultation, guest, since).await
    }
    async fn due_identities(&mut self, now: Timestamp, most: u32) -> Result<Vec<DueIdentity>> {
        teams::due_identities(self.db(), now, most).await
    }
    async fn outstanding_identities(&mut self, branch: Option<BranchId>) -> Result<(Vec<OutstandingIdentity>, i64)> {
        teams::outstanding(self.db(), branch).await
    }
    async fn unsure_identity(&mut self, row: i64) -> Result<Option<BranchId>> {
        teams::unsure_identity(self.db(), row).await
    }
    async fn due_errands(&mut self, now: Timestamp, most: u32) -> Result<Vec<Errand>> {
        teams::due_errands(self.db(), now, most).await
    }
    async fn failed_errands(&mut self, branch: Option<BranchId>) -> Result<(Vec<FailedErrand>, i64)> {
        teams::failed_errands(self.db(), branch).await
    }
    async fn discarded_meetings(&mut self, consultation: ConsultationId) -> Result<i64> {
        teams::discarded(self.db(), consultation).await
    }
    async fn teams_usage(
        &mut self,
        branch: Option<BranchId>,
        consultation: Option<ConsultationId>,
        now: Timestamp,
    ) -> Result<Vec<UsageRow>> {
        teams::usage(self.db(), branch, consultation, now).await
    }
    async fn setting(&mut self, name: &str) -> Result<Option<String>> {
        teams::setting(self.db(), name).await
    }
}

#[async_trait]
impl Writes for Unit {
    async fn commit(self: Box<Self>) -> Result<()> {
        self.tx.commit().await.map_err(internal)
    }
    async fn append(&mut self, event: NewEvent) -> Result<()> {
        consultation::append(self.db(), &event).await
    }
    async fn add_branch(&mut self, branch: &Branch, at: Timestamp) -> Result<BranchId> {
        organisation::add_branch(self.db(), branch, at).await
    }
    async fn save_branch(&mut self, branch: &Branch) -> Result<()> {
        organisation::save_branch(self.db(), branch).await
    }
    async fn add_service(&mut self, service: &Service, at: Timestamp) -> Result<ServiceId> {
        organisation::add_service(self.db(), service, at).await
    }
    async fn save_service(&mut self, service: &Service) -> Result<()> {
        organisation::save_service(self.db(), service).await
    }
    async fn set_consent(&mut self, service: ServiceId, text: &str, at: Timestamp) -> Result<()> {
        organisation::set_consent(self.db(), service, text, at).await
    }
    async fn add_account(&mut self, account: &Account, password: &NewPassword, at: Timestamp) -> Result<AccountId> {
        account::add(self.db(), account, password, at).await
    }
    async fn save_account(&mut self, account: &Account) -> Result<()> {
        account::save(self.db(), account).await
    }
    async fn set_password(&mut self, account: AccountId, password: &NewPassword) -> Result<()> {
        account::set_password(self.db(), account, password).await
    }
    async fn add_session(
        &mut self,
        secret_hash: &[u8; 32],
        account: AccountId,
        browser: &str,
        at: Timestamp,
    ) -> Result<SessionId> {
        account::add_session(self.db(), secret_hash, account, browser, at).await
    }
    async fn touch_session(&mut self, secret_hash: &[u8; 32], at: Timestamp) -> Result<()> {
        account::touch_session(self.db(), secret_hash, at).await
    }
    async fn end_sessions(&mut self, account: AccountId, sessions: Sessions) -> Result<()> {
        account::end_sessions(self.db(), account, sessions).await
    }
    async fn pass_seats_on(&mut self, from: SessionId, to: SessionId) -> Result<()> {
        visit::pass_on(self.db(), from, to).await
    }
    async fn forget_sessions_before(&mut self, created: Timestamp, seen: Timestamp) -> Result<()> {
        account::forget_sessions_before(self.db(), created, seen).await
    }
    async fn keep_known_browser(&mut self, secret_hash: &[u8; 32], account: AccountId, at: Timestamp) -> Result<()> {
        account::keep_known_browser(self.db(), secret_hash, account, at).await
    }
    async fn forget_browsers_of(&mut self, account: AccountId, but: Option<&[u8; 32]>) -> Result<()> {
        account::forget_browsers_of(self.db(), account, but).await
    }
    async fn forget_browsers_before(&mut self, before: Timestamp) -> Result<()> {
        account::forget_browsers_before(self.db(), before).await
    }
    async fn add_sign_in_failure(&mut self, key_hash: &[u8; 32], at: Timestamp) -> Result<Attempt> {
        account::add_failure(self.db(), key_hash, at).await
    }
    async fn drop_sign_in_failure(&mut self, attempt: Attempt) -> Result<()> {
        account::drop_failure(self.db(), attempt).await
    }
    async fn forget_sign_in_failures(&mut self, before: Timestamp) -> Result<()> {
        account::forget_failures(self.db(), before).await
    }
    async fn add_consultation(&mut self, new: &NewConsultation) -> Result<ConsultationId> {
        consultation::add(self.db(), new).await
    }
    async fn save_consultation(&mut self, consultation: &Consultation, busy: Option<Span>) -> Result<()> {
        consultation::save(self.db(), consultation, busy).await
    }
    async fn add_guest(&mut self, new: &NewGuest) -> Result<GuestId> {
        guest::add(self.db(), new).await
    }
    async fn save_guest(&mut self, guest: &Guest) -> Result<()> {
        guest::save(self.db(), guest).await
    }
    async fn add_invitation(
        &mut self,
        guest: GuestId,
        secret_hash: &[u8; 32],
        at: Timestamp,
        valid_until: Timestamp,
    ) -> Result<()> {
        guest::add_invitation(self.db(), guest, secret_hash, at, valid_until).await
    }
    async fn add_registration(
        &mut self,
        consultation: ConsultationId,
        secret_hash: &[u8; 32],
        at: Timestamp,
        valid_until: Timestamp,
    ) -> Result<()> {
        registration::add(self.db(), consultation, secret_hash, at, valid_until).await
    }
    async fn revoke_registrations(&mut self, consultation: ConsultationId, at: Timestamp) -> Result<()> {
        registration::revoke(self.db(), consultation, at).await
    }
    async fn extend_invitations(&mut self, consultation: ConsultationId, valid_until: Timestamp) -> Result<()> {
        guest::extend_invitations(self.db(), consultation, valid_until).await
    }
    async fn extend_registrations(&mut self, consultation: ConsultationId, valid_until: Timestamp) -> Result<()> {
        registration::extend(self.db(), consultation, valid_until).await
    }
    async fn revoke_invitations(&mut self, guest: GuestId, at: Timestamp) -> Result<()> {
        guest::revoke_invitations(self.db(), guest, at).await
    }
    async fn add_visit(&mut self, new: &NewVisit) -> Result<VisitId> {
        visit::add(self.db(), new).await
    }
    async fn save_visit(&mut self, visit: &Visit) -> Result<()> {
        visit::save(self.db(), visit).await
    }
    async fn set_visit_token(&mut self, id: VisitId, token_hash: &[u8; 32], session: Option<SessionId>) -> Result<()> {
        visit::set_token(self.db(), id, token_hash, session).await
    }
    async fn disconnect_all_visits(&mut self, at: Timestamp) -> Result<()> {
        visit::disconnect_all(self.db(), at).await
    }
    async fn add_message(&mut self, visit: &Visit, text: &str, at: Timestamp) -> Result<ChatMessage> {
        visit::add_message(self.db(), visit, text, at).await
    }
    async fn trim_messages(&mut self, consultation: ConsultationId, most: u32) -> Result<()> {
        visit::trim_messages(self.db(), consultation, most).await
    }
    async fn delete_messages(&mut self, consultation: ConsultationId) -> Result<()> {
        visit::delete_messages(self.db(), consultation).await
    }
    async fn begin_identity(&mut self, visit: VisitId, at: Timestamp) -> Result<i64> {
        teams::begin_identity(self.db(), visit, at).await
    }
    async fn name_identity(&mut self, row: i64, identity: &str) -> Result<()> {
        teams::name_identity(self.db(), row, identity).await
    }
    async fn doubt_identity(&mut self, row: i64, at: Timestamp) -> Result<()> {
        teams::doubt_identity(self.db(), row, at).await
    }
    async fn doubt_asked_identities(&mut self, at: Timestamp) -> Result<()> {
        teams::doubt_asked(self.db(), at).await
    }
    async fn acknowledge_identity(&mut self, row: i64, at: Timestamp) -> Result<()> {
        teams::acknowledge(self.db(), row, at).await
    }
    async fn drop_identity(&mut self, row: i64) -> Result<()> {
        teams::drop_identity(self.db(), row).await
    }
    async fn retire_identities(&mut self, visit: VisitId, at: Timestamp) -> Result<()> {
        teams::retire(self.db(), visit, at).await
    }
    async fn identity_deleted(&mut self, row: i64, at: Timestamp) -> Result<bool> {
        teams::deleted(self.db(), row, at).await
    }
    async fn identity_failed(&mut self, row: i64, why: &str, again_at: Timestamp) -> Result<()> {
        teams::identity_failed(self.db(), row, why, again_at).await
    }
    async fn add_errand(&mut self, consultation: ConsultationId, kind: &ErrandKind, due_at: Timestamp) -> Result<()> {
        teams::add_errand(self.db(), consultation, kind, due_at).await
    }
    async fn errand_done(&mut self, row: i64, at: Timestamp) -> Result<()> {
        teams::errand_done(self.db(), row, at).await
    }
    async fn errand_failed(&mut self, row: i64, why: &str, again_at: Timestamp) -> Result<()> {
        teams::errand_failed(self.db(), row, why, again_at).await
    }
    async fn set_setting(&mut self, name: &str, value: &str) -> Result<()> {
        teams::set_setting(self.db(), name, value).await
    }
}
