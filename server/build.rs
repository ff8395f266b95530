//! Builds the browser part, so that one `cargo run` builds and serves everything: the wasm of the root package, its
//! bindings, the stylesheet and the public files, all under names that change with their content, ready to be embedded.
//!
//! `ANTEROOM_SKIP_WEB=1` leaves it out: pages then work as plain HTML without styles. Lint runs leave it out as well.
//! `ANTEROOM_WEB_SHIPPED=1` makes it small and packed as a release does, also for a server that is built for tests.

#[path = "build/stylesheet.rs"]
mod stylesheet;

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs};

const TARGET: &str = "wasm32-unknown-unknown";

/// A sentence for the person who builds.
type Failure = String;

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nThe browser part of Anteroom could not be built.\n{failure}\n");
            ExitCode::FAILURE
        }
    }
}

/// What the server is told of the site: the names of its files, empty where there is none.
#[derive(Default)]
struct EmbeddedSite {
    start: String,
    bindings: String,
    wasm: String,
    stylesheet: String,
}

fn build() -> Result<(), Failure> {
    let manifest = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let root = manifest
        .parent()
        .ok_or("The server's folder has no parent.")?
        .to_owned();
    let out = PathBuf::from(variable("OUT_DIR")?);
    let shipped = variable("PROFILE")? == "release" || is_set("ANTEROOM_WEB_SHIPPED");
    for path in [
        "app",
        "src",
        "style",
        "public",
        "crates/domain",
        "crates/i18n",
        "locales",
        "Cargo.toml",
        "Cargo.lock",
        "server/build.rs",
        "server/build",
    ] {
        tell(&format!("rerun-if-changed={}", root.join(path).display()));
    }
    // A lint run shares its build scripts with the build proper: when the wrapper changes, this must run again, or a
    // server would come out with the lint run's empty site.
    for name in [
        "ANTEROOM_SKIP_WEB",
        "ANTEROOM_WEB_SHIPPED",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTC_WRAPPER",
        "CLIPPY_ARGS",
        "SOURCE_DATE_EPOCH",
    ] {
        tell(&format!("rerun-if-env-changed={name}"));
    }

    let site = out.join("site");
    if site.exists() {
        fs::remove_dir_all(&site).map_err(failed("clear", &site))?;
    }
    let pkg = site.join("pkg");
    fs::create_dir_all(&pkg).map_err(failed("make", &pkg))?;

    let mut names = EmbeddedSite::default();
    if !is_left_out() {
        // <target>/<profile>/build/<package>/out. A target folder of its own: the outer cargo holds the lock of this one.
        let target_dir = out
            .ancestors()
            .nth(4)
            .ok_or("The output folder is not where cargo puts it.")?
            .join("web");
        let wasm = compile(&root, &target_dir, shipped)?;
        names.start = start(&root.join("src/start.js"), &pkg)?;
        (names.bindings, names.wasm) = bind(&wasm, &pkg, shipped)?;
        names.stylesheet = style(&root.join("style"), &pkg)?;
        texts(&pkg)?;
        copy(&root.join("public"), &site)?;
        if shipped {
            compress(&site)?;
        }
    }
    tell(&format!("rustc-env=ANTEROOM_WEB_START={}", names.start));
    tell(&format!("rustc-env=ANTEROOM_WEB_BINDINGS={}", names.bindings));
    tell(&format!("rustc-env=ANTEROOM_WEB_WASM={}", names.wasm));
    tell(&format!("rustc-env=ANTEROOM_WEB_STYLESHEET={}", names.stylesheet));
    // Without the prefix of a setting: tests run with it, too.
    tell(&format!("rustc-env=BUILT_AT_SECONDS={}", today()));
    Ok(())
}

/// When the day of the build began, in seconds since 1970: no clock that the server will see is right before that. Who
/// builds the same sources twice to the same bytes says when (<https://reproducible-builds.org/specs/source-date-epoch/>).
#[expect(clippy::disallowed_methods, reason = "a build has no other clock")]
fn today() -> u64 {
    const DAY: u64 = 24 * 60 * 60;
    let said = env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    let now = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |now| now.as_secs())
    };
    said.unwrap_or_else(now) / DAY * DAY
}

fn tell(instruction: &str) {
    println!("cargo::{instruction}");
}

fn variable(name: &str) -> Result<String, Failure> {
    env::var(name).map_err(|_| format!("{name} is not set: this is a build script, and cargo runs it."))
}

fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
}

/// By wish, or because clippy or rust-analyzer only want to know the types.
fn is_left_out() -> bool {
    let wished = is_set("ANTEROOM_SKIP_WEB");
    let wrapped = |name: &str| {
        env::var(name).is_ok_and(|wrapper| ["clippy", "rust-analyzer"].iter().any(|tool| wrapper.contains(tool)))
    };
    wished || env::var_os("CLIPPY_ARGS").is_some() || wrapped("RUSTC_WORKSPACE_WRAPPER") || wrapped("RUSTC_WRAPPER")
}

/// Compiles the root package, and returns the wasm file.
fn compile(root: &Path, target_dir: &Path, shipped: bool) -> Result<PathBuf, Failure> {
    add_target()?;
    let profile = if shipped { "wasm-release" } else { "dev" };
    let mut cargo = Command::new(variable("CARGO")?);
    cargo
        .current_dir(root)
        .args([
            "build",
            "--quiet",
            "--locked",
            "--package",
            "anteroom-web",
            "--lib",
            "--target",
            TARGET,
        ])
        .args(["--profile", profile, "--target-dir"])
        .arg(target_dir);
    // What the outer build is set up for is not what the browser part is: other flags, other features, other folders.
    // The flags that both sides must share are in .cargo/config.toml, which the inner build reads for itself.
    for (name, _) in env::vars() {
        let ours = ["CARGO_FEATURE_", "CARGO_CFG_", "CARGO_PKG_", "CARGO_MANIFEST_", "DEP_"]
            .iter()
            .any(|prefix| name.starts_with(prefix));
        let flags = [
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "RUSTC_WORKSPACE_WRAPPER",
            "CARGO_TARGET_DIR",
        ];
        // Leptos reads the last one while it compiles, and would then look for the wasm under another name.
        let places = [
            "CARGO_BUILD_TARGET",
            "CARGO_BUILD_TARGET_DIR",
            "CARGO_BUILD_RUSTFLAGS",
            "LEPTOS_OUTPUT_NAME",
        ];
        if ours || flags.contains(&name.as_str()) || places.contains(&name.as_str()) {
            cargo.env_remove(name);
        }
    }
    let status = cargo
        .status()
        .map_err(|error| format!("cargo could not be started: {error}."))?;
    if !status.success() {
        return Err(format!(
            "The compiler's messages are above. To see them alone: cargo check -p anteroom-web --target {TARGET}"
        ));
    }
    Ok(target_dir
        .join(TARGET)
        .join(if shipped { "wasm-release" } else { "debug" })
        .join("anteroom_web.wasm"))
}

/// Makes sure that the compiler can make wasm.
fn add_target() -> Result<(), Failure> {
    let rustc = variable("RUSTC")?;
    let output = Command::new(&rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|error| format!("{rustc} could not be started: {error}."))?;
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if output.status.success() && folder.is_dir() {
        return Ok(());
    }
    let way_out = format!(
        "The compiler lacks the target {TARGET}. Install it with\n\n    rustup target add {TARGET}\n\nor with the packages of your system, and build again. ANTEROOM_SKIP_WEB=1 builds without the browser part."
    );
    let added = Command::new("rustup").args(["target", "add", TARGET]).output();
    match added {
        Ok(added) if added.status.success() => Ok(()),
        Ok(added) => Err(format!(
            "{way_out}\n\nrustup said: {}",
            String::from_utf8_lossy(&added.stderr).trim()
        )),
        Err(_) => Err(format!("{way_out}\n\nrustup was not found.")),
    }
}

/// Writes the bindings beside the processed wasm, both named by their content. Returns the two names.
fn bind(wasm: &Path, pkg: &Path, shipped: bool) -> Result<(String, String), Failure> {
    let bytes = fs::read(wasm).map_err(failed("read", wasm))?;
    let name = format!("anteroom-{}", hash(&bytes));
    let bindings = |error| format!("wasm-bindgen could not process the module: {error:#}");
    wasm_bindgen_cli_support::Bindgen::new()
        .input_bytes(&name, bytes)
        .web(true)
        .map_err(bindings)?
        .typescript(false)
        // A start that failed is tried again in a fresh instance (src/start.js).
        .reset_state_function(true)
        .keep_debug(!shipped)
        .remove_name_section(shipped)
        .remove_producers_section(shipped)
        .generate(pkg)
        .map_err(bindings)?;
    Ok((format!("{name}.js"), format!("{name}_bg.wasm")))
}

/// Puts the script that starts the browser part beside it, and returns its name.
fn start(script: &Path, pkg: &Path) -> Result<String, Failure> {
    let text = fs::read(script).map_err(failed("read", script))?;
    let name = format!("start-{}.js", hash(&text));
    let path = pkg.join(&name);
    fs::write(&path, text).map_err(failed("write", &path))?;
    Ok(name)
}

/// Writes the sentences of each language, as guests and staff are sent them.
fn texts(pkg: &Path) -> Result<(), Failure> {
    for language in &anteroom_i18n::LANGUAGES {
        for audience in [anteroom_i18n::Audience::Guest, anteroom_i18n::Audience::Staff] {
            let path = pkg.join(language.file_name(audience));
            fs::write(&path, language.packed(audience)).map_err(failed("write", &path))?;
        }
    }
    Ok(())
}

/// Writes the one stylesheet, and returns its name.
fn style(style: &Path, pkg: &Path) -> Result<String, Failure> {
    let mut layers = Vec::new();
    for (layer, place) in stylesheet::LAYERS {
        let place = style.join(place);
        let mut text = String::new();
        for file in files(&place)?
            .iter()
            .filter(|file| file.extension().is_some_and(|ext| ext == "css"))
        {
            text.push_str(&fs::read_to_string(file).map_err(failed("read", file))?);
        }
        layers.push((layer, text));
    }
    let css = stylesheet::bundle(&layers);
    let name = format!("anteroom-{}.css", hash(css.as_bytes()));
    let path = pkg.join(&name);
    fs::write(&path, css).map_err(failed("write", &path))?;
    Ok(name)
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    for file in files(from)? {
        let inside = file.strip_prefix(from).map_err(|error| error.to_string())?;
        let target = to.join(inside);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(failed("make", folder))?;
        }
        fs::copy(&file, &target).map_err(failed("copy", &file))?;
    }
    Ok(())
}

/// Adds a `.br` and a `.gz` beside every file that becomes smaller by it.
fn compress(site: &Path) -> Result<(), Failure> {
    for file in files(site)? {
        let bytes = fs::read(&file).map_err(failed("read", &file))?;
        let mut brotli = Vec::new();
        // Best quality, and a window that takes in the whole file: this is done once, and sent many times.
        let best = brotli::enc::BrotliEncoderParams {
            quality: 11,
            lgwin: 22,
            ..Default::default()
        };
        brotli::BrotliCompress(&mut bytes.as_slice(), &mut brotli, &best).map_err(failed("compress", &file))?;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&bytes).map_err(failed("compress", &file))?;
        let gzip = gzip.finish().map_err(failed("compress", &file))?;
        for (ending, packed) in [("br", brotli), ("gz", gzip)] {
            if packed.len() < bytes.len() {
                let path = PathBuf::from(format!("{}.{ending}", file.display()));
                fs::write(&path, packed).map_err(failed("write", &path))?;
            }
        }
    }
    Ok(())
}

/// The file, or all files in the folder and below, in the order of their names. None where there is nothing.
fn files(place: &Path) -> Result<Vec<PathBuf>, Failure> {
    if place.is_file() {
        return Ok(vec![place.to_owned()]);
    }
    let mut found = Vec::new();
    if place.is_dir() {
        let mut entries = Vec::new();
        for entry in fs::read_dir(place).map_err(failed("read", place))? {
            entries.push(entry.map_err(failed("read", place))?.path());
        }
        entries.sort();
        for entry in entries {
            found.extend(files(&entry)?);
        }
    }
    Ok(found)
}

/// Sixty-four bits are enough to tell builds apart.
fn hash(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn failed<E: std::fmt::Display>(what: &str, path: &Path) -> impl Fn(E) -> Failure {
    let message = format!("Could not {what} {}", path.display());
    move |error| format!("{message}: {error}")
}
