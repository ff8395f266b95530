//! A participant's side of the signalling socket.

use std::net::SocketAddr;
use std::time::Duration;

use anteroom_domain::chat::ChatMessage;
use anteroom_domain::visit::{AdmissionStatus, Role};
use anteroom_protocol::seat::{Closed, FromClient, FromServer, Person, RefusalCode, RoomView};
use futures::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{WebSocketStream, client_async};

const PATIENCE: Duration = Duration::from_secs(30);

pub type Socket = WebSocketStream<TcpStream>;

/// Opens a socket, or says with which status it was refused.
pub async fn open(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Result<Socket, u16> {
    let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
    for (name, value) in headers {
        let name: http::HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let stream = TcpStream::connect(address).await.unwrap();
    match client_async(request, stream).await {
        Ok((socket, _)) => Ok(socket),
        Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

pub struct Seat {
    pub socket: Socket,
    /// What was heard last of the room.
    pub room: Option<RoomView>,
    /// Everything that was heard.
    pub heard: Vec<FromServer>,
}

impl Seat {
    /// A socket on which nothing was said yet.
    pub async fn silent(address: SocketAddr) -> Self {
        let socket = open(address, "/socket/seat", &[("sec-fetch-site", "same-origin")])
            .await
            .unwrap();
        Self {
            socket,
            room: None,
            heard: Vec::new(),
        }
    }

    pub async fn hello(address: SocketAddr, token: &str) -> Self {
        let mut seat = Self::silent(address).await;
        seat.say(FromClient::Hello {
            token: token.to_owned(),
        })
        .await;
        seat
    }

    pub async fn say(&mut self, message: FromClient) {
        self.say_raw(&serde_json::to_string(&message).unwrap()).await;
    }

    /// Whatever it is; the server may be gone already.
    pub async fn say_raw(&mut self, text: &str) {
        let _ = self.socket.send(Message::text(text)).await;
    }

    /// The next message; None when the socket is closed.
    pub async fn next(&mut self) -> Option<FromServer> {
        loop {
            match timeout(PATIENCE, self.socket.next())
                .await
                .expect("the server says something")
            {
                Some(Ok(Message::Text(text))) => {
                    let message: FromServer = serde_json::from_str(&text).unwrap();
                    if let FromServer::Room(room) = &message {
                        self.room = Some(room.clone());
                    }
                    self.heard.push(message.clone());
                    return Some(message);
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Reads on until a message is the one that is waited for.
    #[track_caller]
    pub fn until<'a, T>(
        &'a mut self,
        what: &'a str,
        mut pick: impl FnMut(&FromServer) -> Option<T> + 'a,
    ) -> impl Future<Output = T> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let from = self.heard.len();
            loop {
                let Some(message) = self.next().await else {
                    panic!("{caller}: closed before {what}; heard {:?}", &self.heard[from..]);
                };
                if let Some(found) = pick(&message) {
                    return found;
                }
            }
        }
    }

    /// The room as soon as it looks like this; it may look so already.
    #[track_caller]
    pub fn room_where<'a>(
        &'a mut self,
        what: &'a str,
        is_so: impl Fn(&RoomView) -> bool + 'a,
    ) -> impl Future<Output = RoomView> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            if let Some(room) = self.room.clone().filter(|room| is_so(room)) {
                return room;
            }
            loop {
                match self.next().await {
                    Some(FromServer::Room(room)) if is_so(&room) => return room,
                    Some(_) => {}
                    None => panic!("{caller}: closed before {what}; heard {:?}", self.heard),
                }
            }
        }
    }

    pub async fn status(&mut self, stand: AdmissionStatus) -> RoomView {
        self.room_where("that stand", |room| room.you.status == stand).await
    }

    /// The only guest that the host sees, standing like this.
    pub async fn guest(&mut self, stand: AdmissionStatus) -> Person {
        let is_guest = |person: &&Person| person.role != Role::Host && person.status == stand;
        let room = self
            .room_where("a guest", |room| room.people.iter().any(|person| is_guest(&person)))
            .await;
        room.people.iter().find(is_guest).unwrap().clone()
    }

    pub async fn credentials(&mut self) {
        self.until("credentials", |message| {
            matches!(message, FromServer::Credentials { .. }).then_some(())
        })
        .await;
    }

    pub async fn refused(&mut self) -> RefusalCode {
        self.until("a refusal", |message| match message {
            FromServer::Refused { code, text } => {
                assert!(!text.is_empty(), "a refusal says what to do");
                Some(*code)
            }
            _ => None,
        })
        .await
    }

    pub async fn chat(&mut self) -> ChatMessage {
        self.until("chat", |message| match message {
            FromServer::Chat(message) => Some(message.clone()),
            _ => None,
        })
        .await
    }

    /// Everything that was said before the answer to a ping.
    pub async fn until_pong(&mut self, n: u32) -> Vec<FromServer> {
        let from = self.heard.len();
        self.say(FromClient::Ping { n }).await;
        self.until("a pong", |message| (*message == FromServer::Pong { n }).then_some(()))
            .await;
        self.heard[from..].to_vec()
    }

    /// Why the server closes; and then it really does.
    #[track_caller]
    pub fn closes(&mut self) -> impl Future<Output = Closed> + '_ {
        let caller = std::panic::Location::caller();
        async move {
            let mut why = None;
            while let Some(message) = self.next().await {
                if let FromServer::Closed { why: said } = message {
                    why = Some(said);
                }
            }
            why.unwrap_or_else(|| panic!("{caller}: closed without a word; heard {:?}", self.heard))
        }
    }
}
