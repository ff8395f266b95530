//! The room as this participant sees it: read after every change, sent where it looks different.

use std::time::Duration;

use anteroom_domain::visit::AdmissionStatus;
use anteroom_protocol::seat::{Closed, FromServer, RoomView};
use anteroom_service::Room;
use tokio::time::Instant;

use super::session::{End, Session};
use super::wire::send;

/// A burst of changes is one read.
const READ_INTERVAL: Duration = Duration::from_millis(150);

impl Session<'_> {
    /// Reads the room, and sends it if it looks different. At their first room after admission, the participant is sent
    /// their credentials and the chat so far.
    pub(super) async fn send_room(&mut self) -> Result<(), End> {
        self.read_due = None;
        self.read_at = Some(Instant::now());
        let Room { mut view, host, branch } = self.read_room().await?;
        self.app.hub.fill_devices(&mut view.people);
        view.notified = self.app.hub.open_pages.notified(host, branch);
        let is_in = view.you.status == AdmissionStatus::Admitted;
        let is_new = self.sent_room.as_ref().is_none_or(|sent| {
            RoomView {
                now: view.now,
                ..sent.clone()
            } != view
        });
        if is_new {
            send(self.socket, &FromServer::Room(view.clone())).await?;
            self.sent_room = Some(view);
        }
        if is_in && !self.is_in {
            self.is_in = true;
            if !self.credentials.request() {
                self.credentials.refuse();
            }
            self.send_chat().await?;
        }
        Ok(())
    }

    async fn read_room(&mut self) -> Result<Room, End> {
        let (use_cases, id) = (&self.app.use_cases, self.seat.id);
        let read = use_cases.whole_room(id.consultation);
        let why_out = match self.room_read.since(self.newest_change, use_cases.bus(), read).await {
            Ok(room) => match room.seen_by(id.visit) {
                Some(room) => return Ok(room),
                None => use_cases.why_out(id.visit).await,
            },
            Err(error) => Err(error),
        };
        Err(match why_out {
            Ok(Some(why)) => End::Over(why),
            // The visit goes on: the page connects again.
            Ok(None) => End::Closed(Closed::Restarting),
            Err(error) => {
                tracing::error!(visit.id = %id.visit, error = &error as &dyn std::error::Error, "the room of visit {} could not be read", id.visit);
                End::Closed(Closed::Restarting)
            }
        })
    }

    /// Has the room read soon: the change with this number concerns it.
    pub(super) fn room_changed(&mut self, number: u64) {
        self.newest_change = number;
        let due = self.read_at.map_or_else(Instant::now, |at| at + READ_INTERVAL);
        self.read_due.get_or_insert(due);
    }

    /// Sends the whole chat so far.
    pub(super) async fn send_chat(&mut self) -> Result<(), End> {
        match self.app.use_cases.chat_so_far(&self.actor).await {
            Ok(messages) => {
                for message in messages {
                    send(self.socket, &FromServer::Chat(message)).await?;
                }
                Ok(())
            }
            Err(error) => self.refuse_for(error).await,
        }
    }
}
