//! What a client on Teams reports from its meeting, and what it requests.

use anteroom_i18n::text;
use anteroom_protocol::seat::RefusalCode;
use anteroom_protocol::teams::TeamsFromClient;
use anteroom_service::{NoticeShown, ReportPresence, TeamsCallEnd};

use super::session::{End, Session};

impl Session<'_> {
    pub(super) async fn dispatch_teams(&mut self, message: TeamsFromClient) -> Result<(), End> {
        let (use_cases, actor) = (&self.app.use_cases, &self.actor);
        let result = match message {
            TeamsFromClient::Refresh => {
                let is_requested = self.is_in && self.credentials.request_token();
                return self.refuse_unless(is_requested).await;
            }
            TeamsFromClient::Again => {
                let is_requested = self.is_in && self.credentials.request();
                return self.refuse_unless(is_requested).await;
            }
            TeamsFromClient::Presence { presence, with_host } => {
                use_cases
                    .report_presence(actor, ReportPresence { presence, with_host })
                    .await
            }
            TeamsFromClient::Ended { code, sub_code } => {
                use_cases.ended_in_teams(actor, TeamsCallEnd { code, sub_code }).await
            }
            TeamsFromClient::Shown { notice, version } => {
                use_cases.notice_shown(actor, NoticeShown { notice, version }).await
            }
            TeamsFromClient::Agreed { version } => use_cases.consent_given(actor, version).await,
            TeamsFromClient::Wrote => use_cases.wrote_in_teams(actor).await,
        };
        match result {
            Ok(()) => Ok(()),
            Err(error) => self.refuse_for(error).await,
        }
    }

    async fn refuse_unless(&mut self, is_requested: bool) -> Result<(), End> {
        if is_requested {
            Ok(())
        } else {
            let sentence = text!(self.lang, guest::refusal::retry_too_soon);
            self.refuse(RefusalCode::TooFast, sentence).await
        }
    }
}
