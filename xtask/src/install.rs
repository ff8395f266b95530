//! What the tasks need and a fresh machine may not have.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Failure;
use crate::exec::{answer, run, works};
use crate::report::say;
use crate::workspace::{WASM, Workspace};

struct Browser {
    /// Names one that is to be taken instead.
    variable: &'static str,
    /// Debian's name, where it puts it, and what other systems call it.
    programs: &'static [&'static str],
    packages: &'static [&'static str],
    /// The first that works.
    since: (u32, u32),
}

const CHROMIUM: Browser = Browser {
    variable: "ANTEROOM_CHROMIUM",
    programs: &["/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"],
    // Without a font every letter in a picture is a box.
    packages: &["chromium", "fonts-liberation"],
    // The new headless mode, which has the real media stack.
    since: (112, 0),
};
const FIREFOX: Browser = Browser {
    variable: "ANTEROOM_FIREFOX",
    programs: &["/usr/bin/firefox-esr", "firefox-esr", "firefox"],
    packages: &["firefox-esr"],
    // WebDriver BiDi's network.addDataCollector, with which Playwright begins.
    since: (143, 0),
};
/// The first with `node --test --test-force-exit`.
const NODE: (u32, u32) = (20, 14);

/// rustfmt, clippy and the wasm target. `rust-toolchain.toml` names them, but rustup may be told to install nothing
/// by itself (`RUSTUP_AUTO_INSTALL=0`).
pub fn toolchain(workspace: &Workspace) -> Result<(), Failure> {
    for component in ["fmt", "clippy"] {
        if answer(&mut workspace.cargo([component, "--version"])).is_err() {
            let name = if component == "fmt" { "rustfmt" } else { component };
            rustup(workspace, &["component", "add", name])?;
        }
    }
    let mut rustc = Command::new("rustc");
    rustc
        .current_dir(&workspace.root)
        .args(["--print", "target-libdir", "--target", WASM]);
    if !Path::new(answer(&mut rustc)?.trim()).exists() {
        rustup(workspace, &["target", "add", WASM])?;
    }
    Ok(())
}

/// Where the browsers are.
pub struct Browsers {
    chromium: PathBuf,
    firefox: PathBuf,
}

impl Browsers {
    /// How the browser tests are told.
    pub fn environment(&self) -> [(&'static str, &Path); 2] {
        [(CHROMIUM.variable, &self.chromium), (FIREFOX.variable, &self.firefox)]
    }
}

/// Node, the packages of `e2e/`, and the browsers.
pub fn browsers(workspace: &Workspace) -> Result<Browsers, Failure> {
    if !works("node", &["--version"]) || !works("npm", &["--version"]) {
        apt(&["nodejs", "npm"])?;
    }
    node_version()?;
    npm_packages(&workspace.e2e())?;
    Ok(Browsers {
        chromium: CHROMIUM.find()?,
        firefox: FIREFOX.find()?,
    })
}

/// cargo-deny: the one that is installed, or one that is built once and kept with everything else that is built.
pub fn cargo_deny(workspace: &Workspace) -> Result<PathBuf, Failure> {
    if works("cargo-deny", &["--version"]) {
        return Ok("cargo-deny".into());
    }
    let folder = workspace.target.join("tools");
    let program = folder.join("bin/cargo-deny");
    if !program.is_file() {
        let mut cargo = workspace.cargo(["install", "--locked", "cargo-deny", "--root"]);
        run(cargo.arg(&folder))?;
    }
    Ok(program)
}

/// What makes a virtual environment: Debian's Python comes without.
pub fn python() -> Result<(), Failure> {
    if works("python3", &["-c", "import ensurepip, venv"]) {
        Ok(())
    } else {
        apt(&["python3-venv"])
    }
}

fn rustup(workspace: &Workspace, arguments: &[&str]) -> Result<(), Failure> {
    run(Command::new("rustup").current_dir(&workspace.root).args(arguments))
        .map_err(|failure| format!("{failure}\nWithout rustup, install it with what your toolchain came from."))
}

fn node_version() -> Result<(), Failure> {
    let found = answer(Command::new("node").arg("--version"))?;
    match parse_version(&found) {
        Some(version) if version >= NODE => Ok(()),
        _ => Err(format!(
            "The browser tests need Node {}.{} or newer; `node --version` says {}.",
            NODE.0,
            NODE.1,
            found.trim()
        )),
    }
}

/// Of "v20.20.2", "Mozilla Firefox 153.1.0esr", "Chromium 156.0.8078.73 built on Debian".
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let version = |word: &str| {
        let mut numbers = word.trim_start_matches('v').split('.').map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    text.split_whitespace().find_map(version)
}

fn npm_packages(e2e: &Path) -> Result<(), Failure> {
    // npm writes this at the end of an installation.
    let installed = e2e.join("node_modules/.package-lock.json");
    if is_newer(&installed, &e2e.join("package-lock.json")) {
        return Ok(());
    }
    run(Command::new("npm")
        .current_dir(e2e)
        .args(["ci", "--no-audit", "--no-fund"]))
}

fn is_newer(file: &Path, than: &Path) -> bool {
    let changed = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified());
    matches!((changed(file), changed(than)), (Ok(file), Ok(than)) if file >= than)
}

impl Browser {
    /// The one that the variable names, one that is installed and new enough, or the one that the packages bring.
    fn find(&self) -> Result<PathBuf, Failure> {
        if let Some(path) = std::env::var_os(self.variable) {
            let path = PathBuf::from(path);
            return if path.exists() {
                self.new_enough(path)
            } else {
                Err(format!(
                    "{} names {}, which is not there.",
                    self.variable,
                    path.display()
                ))
            };
        }
        if let Some(path) = find(self.programs).and_then(|path| self.new_enough(path).ok()) {
            return Ok(path);
        }
        apt(self.packages)?;
        let path = find(self.programs);
        path.ok_or_else(|| format!("{} was installed, but it is not on the PATH.", self.packages.join(" ")))
            .and_then(|path| self.new_enough(path))
    }

    fn new_enough(&self, path: PathBuf) -> Result<PathBuf, Failure> {
        let found = answer(Command::new(&path).arg("--version"))?;
        match parse_version(&found) {
            Some(version) if self.since <= version => Ok(path),
            _ => Err(format!(
                "The browser tests need {} of version {} or newer; it says {}.",
                path.display(),
                self.since.0,
                found.trim()
            )),
        }
    }
}

fn find(programs: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    programs
        .iter()
        // Joining an absolute path to a folder gives the absolute path.
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

fn apt(packages: &[&str]) -> Result<(), Failure> {
    let names = packages.join(" ");
    let by_hand = format!("Please install {names} yourself, then run this again.");
    if !works("apt-get", &["--version"]) {
        return Err(format!("{names} is missing, and this is no Debian. {by_hand}"));
    }
    say(&format!("Installing {names} …"));
    let is_root = answer(Command::new("id").arg("-u"))?.trim() == "0";
    let apt_get = |arguments: &[&str]| {
        let mut command = if is_root {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            // Never wait for a password that nobody is there to type.
            sudo.args(["-n", "apt-get"]);
            sudo
        };
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut command).map_err(|failure| format!("{failure}\n{by_hand}"))
    };
    apt_get(&["update", "-q"])?;
    let mut arguments = vec!["install", "-y", "-q", "--no-install-recommends"];
    arguments.extend(packages);
    apt_get(&arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_understood() {
        assert_eq!(parse_version("v20.20.2\n"), Some((20, 20)));
        assert_eq!(parse_version("v18.19.0"), Some((18, 19)));
        assert_eq!(parse_version("node"), None);
        assert_eq!(parse_version("Mozilla Firefox 140.10.2esr\n"), Some((140, 10)));
        let chromium = "Chromium 156.0.8078.73 built on Debian GNU/Linux 12 (bookworm)";
        assert_eq!(parse_version(chromium), Some((156, 0)));
    }
}
