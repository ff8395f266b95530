use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Failure;
use crate::exec::answer;

/// What the server and the browser part are built for; other platforms' crates need not be fetched to judge ours.
pub const PLATFORMS: [&str; 2] = ["x86_64-unknown-linux-gnu", WASM];
pub const WASM: &str = "wasm32-unknown-unknown";

/// Where everything is.
pub struct Workspace {
    pub root: PathBuf,
    pub target: PathBuf,
    /// Whether what is built now is kept for a next time that differs a little. A cold run has no next time.
    incremental: bool,
}

impl Workspace {
    pub fn find(incremental: bool) -> Result<Self, Failure> {
        // Set by cargo, which is how this program is run; the folder it was compiled in may have moved since.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("Run this as `cargo xtask …`.")?;
        let root = Path::new(&manifest)
            .parent()
            .ok_or("The folder of xtask has no parent.")?
            .to_owned();
        let mut cargo = cargo();
        cargo
            .current_dir(&root)
            .args(["metadata", "--no-deps", "--format-version", "1"]);
        let metadata: Value = parse(&answer(&mut cargo)?)?;
        let target = metadata
            .get("target_directory")
            .and_then(Value::as_str)
            .ok_or("cargo metadata names no target folder.")?
            .into();
        Ok(Self {
            root,
            target,
            incremental,
        })
    }

    /// Where a program of ours is when it is built.
    pub fn built(&self, program: &str) -> PathBuf {
        self.target.join("debug").join(program)
    }

    pub fn e2e(&self) -> PathBuf {
        self.root.join("e2e")
    }

    /// A cargo that works on the whole workspace and changes no lock file.
    pub fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut cargo = cargo();
        cargo.current_dir(&self.root).args(arguments);
        if !self.incremental {
            cargo.env("CARGO_INCREMENTAL", "0");
        }
        cargo
    }

    /// Like [`Self::cargo`], for what browsers look at: the browser part as it is shipped, in a server that is built fast.
    pub fn cargo_with_web<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut cargo = self.cargo(arguments);
        cargo.env_remove("ANTEROOM_SKIP_WEB").env("ANTEROOM_WEB_SHIPPED", "1");
        cargo
    }

    /// Like [`Self::cargo`], for what never serves a page: the browser part is left out.
    pub fn cargo_without_web<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut cargo = self.cargo(arguments);
        cargo.env("ANTEROOM_SKIP_WEB", "1");
        cargo
    }

    /// Every package with what it depends on.
    pub fn metadata(&self) -> Result<Value, Failure> {
        let mut cargo = self.cargo(["metadata", "--locked", "--format-version", "1"]);
        for platform in PLATFORMS {
            cargo.args(["--filter-platform", platform]);
        }
        parse(&answer(&mut cargo)?)
    }
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn parse(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|error| format!("cargo metadata can't be understood: {error}"))
}
