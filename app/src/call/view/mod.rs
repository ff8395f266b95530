//! The screens, one part a file. Nothing here touches a device or a socket.

mod banner;
mod chat;
mod controls;
mod end;
mod focus;
mod help;
mod icon;
mod lobby;
mod media;
mod over;
mod people;
mod prejoin;
mod screen;
mod settings;
mod switch;
mod teams;
mod tile;
mod waiting;
mod without_script;

pub use lobby::{JoiningScreen, Lobby};
pub use over::Over;
pub use prejoin::Prejoin;
pub use screen::CallScreen;
pub use teams::OpenElsewhere;

pub(super) use icon::{Sign, SignIcon};
pub(super) use media::{Picture, Sound};
pub(super) use settings::{DeviceSettings, DeviceTroubles, SpeakerTest};
pub(super) use without_script::WithoutScript;
