use crate::commands::{Failure, say};

pub fn run() -> Result<(), Failure> {
    say(concat!("anteroom ", env!("CARGO_PKG_VERSION"), "\n"));
    Ok(())
}
