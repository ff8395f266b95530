use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use crate::Failure;
use crate::count::Count;

/// Runs it; what it prints goes to the terminal.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{}` failed ({status}): see above.", line(command)))
    }
}

/// Runs it, shows what it prints, and counts the tests in it.
pub fn run_tests(command: &mut Command, count: &mut Count) -> Result<(), Failure> {
    let found = watch(command, io::stdout(), io::stderr(), count)?;
    match found.failed {
        0 => Ok(()),
        // A runner that reports a failure and ends well has a bug or was told to; a red test is a red test.
        failed => Err(format!("{} failed in `{}`: see above.", tests(failed), line(command))),
    }
}

/// Runs it, counts the tests in what it prints, and gives that to be shown later.
pub fn run_quietly(command: &mut Command, count: &mut Count) -> (String, Result<(), Failure>) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let outcome = watch(command, &mut out, &mut err, count).and_then(|found| match found.failed {
        0 => Ok(()),
        failed => Err(format!("{} failed in `{}`: see above.", tests(failed), line(command))),
    });
    out.extend(err);
    (String::from_utf8_lossy(&out).into_owned(), outcome)
}

fn watch(
    command: &mut Command,
    to_out: impl Write + Send,
    to_err: impl Write + Send,
    count: &mut Count,
) -> Result<Count, Failure> {
    if io::stdout().is_terminal() {
        // They see a pipe, but a person reads.
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    let out = child.stdout.take();
    let err = child.stderr.take();
    let (out, err) = thread::scope(|scope| {
        let out = scope.spawn(|| out.map(|pipe| copy(pipe, to_out)).unwrap_or_default());
        let err = scope.spawn(|| err.map(|pipe| copy(pipe, to_err)).unwrap_or_default());
        (out.join().unwrap_or_default(), err.join().unwrap_or_default())
    });
    let status = child
        .wait()
        .map_err(|error| format!("`{}` got lost: {error}", line(command)))?;
    let found = out + err;
    *count += found;
    match (status.success(), found.failed) {
        (false, 0) => Err(format!("`{}` failed ({status}): see above.", line(command))),
        _ => Ok(found),
    }
}

/// What it prints, when it works.
pub fn answer(command: &mut Command) -> Result<String, Failure> {
    let output = command.output().map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{}` failed:\n{}", line(command), said.trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether it can be run at all, and works.
pub fn works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command as a person would type it.
pub fn line(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    // The full path of cargo is noise.
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(program).chain(words).collect::<Vec<_>>().join(" ")
}

pub fn tests(n: usize) -> String {
    match n {
        1 => "1 test".to_owned(),
        n => format!("{n} tests"),
    }
}

fn not_started(command: &Command, error: &io::Error) -> Failure {
    format!("`{}` can't be started: {error}", line(command))
}

/// Line by line, so that the two streams don't break each other's lines.
fn copy(from: impl Read, mut to: impl Write) -> Count {
    let mut count = Count::default();
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    loop {
        line.clear();
        match reader.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return count,
            Ok(_) => {}
        }
        // A closed terminal is no reason to stop the tests.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        count += Count::of_line(&String::from_utf8_lossy(&line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shown nowhere: an outer run must not count the summaries that these tests make up.
    fn watch_shell(script: &str) -> (Result<Count, Failure>, Count) {
        let mut count = Count::default();
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        (watch(&mut shell, io::sink(), io::sink(), &mut count), count)
    }

    #[test]
    fn both_streams_are_counted() {
        let script = "echo 'test result: ok. 2 passed; 0 failed'; echo 'ℹ fail 1' >&2";
        let (found, count) = watch_shell(script);
        assert_eq!(found.unwrap(), count);
        assert_eq!((count.passed, count.failed), (2, 1));
    }

    #[test]
    fn a_runner_that_dies_fails_the_step_whatever_it_said() {
        let (found, count) = watch_shell("echo 'test result: ok. 2 passed; 0 failed'; exit 3");
        assert!(found.unwrap_err().contains("exit status: 3"));
        assert_eq!(count.passed, 2);
    }

    #[test]
    fn what_is_missing_is_named() {
        let failure = run(&mut Command::new("no-such-program-here")).unwrap_err();
        assert!(failure.contains("no-such-program-here"), "{failure}");
    }
}
