//! What every test stands on.

mod app;
pub mod database;
mod http;
mod seat;
pub mod terms;
mod watch;

pub use app::{Booked, PASSWORD, TestApp, at, booking, encoded, new_account};
pub use http::{Client, Reply, exchange, finish as http_finish};
pub use seat::{Seat, Socket, open as open_socket};
pub use watch::log;
