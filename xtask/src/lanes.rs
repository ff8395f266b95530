//! Test files side by side: each lane takes the next file when it is done with one. Every file is a process of its own,
//! with a temporary folder of its own, and what it prints comes whole when it ends.

use std::collections::VecDeque;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::Failure;
use crate::count::Count;
use crate::exec::run_quietly;
use crate::report::{now, say, seconds};
use crate::scratch::Scratch;

/// What came of one file.
pub struct Ran {
    pub file: String,
    pub lane: usize,
    pub took: Duration,
    pub count: Count,
    pub outcome: Result<(), Failure>,
}

/// Runs all of them, those that stand first being taken first, whether or not one fails.
pub fn run(files: &[String], lanes: usize, command: impl Fn(&str) -> Command + Sync) -> Result<Vec<Ran>, Failure> {
    let waiting = Mutex::new(files.iter().cloned().collect::<VecDeque<_>>());
    let done = Mutex::new(Vec::new());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let work = &|lane: usize| -> Result<(), Failure> {
        while let Some(file) = next() {
            let scratch = Scratch::new(&format!("lane-{lane}"))?;
            let mut command = command(&file);
            command.env("TMPDIR", scratch.path());
            let started = now();
            let mut count = Count::default();
            let (printed, outcome) = run_quietly(&mut command, &mut count);
            let ran = Ran {
                took: now().duration_since(started),
                file,
                lane,
                count,
                outcome,
            };
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            say(&format!(
                "\n{} (lane {}, {})\n{printed}",
                ran.file,
                lane + 1,
                seconds(ran.took)
            ));
            done.push(ran);
        }
        Ok(())
    };
    thread::scope(|scope| {
        let running: Vec<_> = (0..lanes).map(|lane| scope.spawn(move || work(lane))).collect();
        running
            .into_iter()
            .try_for_each(|lane| lane.join().unwrap_or_else(|_| Err("A lane panicked.".to_owned())))
    })?;
    Ok(done.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The files by the time they took, and how long each lane was busy.
pub fn table(ran: &[Ran]) -> String {
    let mut by_time: Vec<_> = ran.iter().collect();
    by_time.sort_by_key(|ran| std::cmp::Reverse(ran.took));
    let line = |ran: &&Ran| {
        let mark = if ran.outcome.is_ok() { "ok    " } else { "FAILED" };
        format!("{mark} {:>9}  lane {}  {}", seconds(ran.took), ran.lane + 1, ran.file)
    };
    let mut lines: Vec<String> = by_time.iter().map(line).collect();
    let lanes = ran.iter().map(|ran| ran.lane + 1).max().unwrap_or(0);
    for lane in 0..lanes {
        let busy: Duration = ran.iter().filter(|ran| ran.lane == lane).map(|ran| ran.took).sum();
        lines.push(format!("       {:>9}  lane {} in all", seconds(busy), lane + 1));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn every_file_runs_although_one_fails() {
        let files = ["good", "bad", "last"].map(str::to_owned);
        let ran = run(&files, 2, |file| match file {
            "bad" => shell("exit 3"),
            _ => shell("echo 'ℹ pass 2'"),
        })
        .unwrap();
        assert_eq!(ran.len(), 3);
        let failed: Vec<_> = ran
            .iter()
            .filter(|ran| ran.outcome.is_err())
            .map(|ran| &*ran.file)
            .collect();
        assert_eq!(failed, ["bad"]);
        assert!(table(&ran).contains("FAILED"), "{}", table(&ran));
    }

    #[test]
    fn a_file_has_a_folder_of_its_own() {
        let files = ["one", "two"].map(str::to_owned);
        let ran = run(&files, 1, |_| {
            shell("test -z \"$(ls \"$TMPDIR\")\" && touch \"$TMPDIR/left\"")
        })
        .unwrap();
        assert!(ran.iter().all(|ran| ran.outcome.is_ok()));
    }
}
