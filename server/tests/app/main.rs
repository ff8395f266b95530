//! The whole application, tested from outside: the real router, sockets, media engine and database in this process,
//! with a clock that stands still and randomness from a seed. A file a behaviour; one binary, because linking the server
//! takes longer than testing it.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod actors;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod booking;
#[cfg(test)]
mod cant_come;
#[cfg(test)]
mod consent;
#[cfg(test)]
mod contact;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod crash_jobs;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod edge;
#[cfg(test)]
mod ending;
#[cfg(test)]
mod invitations;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod languages;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod lobby;
#[cfg(test)]
mod loopback;
#[cfg(test)]
mod once;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod seats;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod sockets;
#[cfg(test)]
mod staff_forms;
#[cfg(test)]
mod support;
#[cfg(test)]
mod teams;
#[cfg(test)]
mod teams_commands;
#[cfg(test)]
mod teams_outside;
#[cfg(test)]
mod today;
#[cfg(test)]
mod told;
