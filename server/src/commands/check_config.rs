use std::fmt::Write as _;

use crate::commands::{Failure, configuration, say};
use crate::config::Flags;

pub fn run(flags: &Flags) -> Result<(), Failure> {
    let effective = configuration(flags)?;
    let mut text = effective.report();
    match &effective.file {
        Some(file) => writeln!(text, "\nThe file that was read: {}", file.display())?,
        None => writeln!(
            text,
            "\nNo file was read: there is no anteroom.toml in the data folder."
        )?,
    }
    for warning in effective.warnings() {
        writeln!(text, "\nwarning: {warning}")?;
    }
    say(&text);
    Ok(())
}
