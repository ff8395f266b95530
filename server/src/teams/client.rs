//! The module that joins Teams: built from `teams-client/` with Microsoft's Calling SDK, which may not be part of this
//! binary (its licence), so it lies in a folder of the operator's and is served from there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, VARY};
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

/// Under which the module's files are served. Their names change with their content.
pub const PREFIX: &str = "/teams-client/";

/// What the build wrote.
#[derive(Debug, Deserialize)]
struct Manifest {
    entry: String,
    files: Vec<File>,
}

#[derive(Debug, Deserialize)]
struct File {
    name: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("{0} is not there: the module that joins Teams has not been built yet")]
    Missing(PathBuf),
    #[error("{path} can't be read: {why}")]
    Broken { path: PathBuf, why: String },
}

#[derive(Debug)]
pub struct TeamsClient {
    /// The path of the module.
    pub entry: String,
    /// What is served, by its name. Nothing else in the folder is.
    files: BTreeMap<String, PathBuf>,
}

impl TeamsClient {
    pub fn open(folder: &Path) -> Result<Self, ClientError> {
        let path = folder.join("manifest.json");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(ClientError::Missing(path)),
            Err(error) => {
                let why = error.to_string();
                return Err(ClientError::Broken { path, why });
            }
        };
        let broken = |why: String| ClientError::Broken {
            path: path.clone(),
            why,
        };
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
        let is_plain = |name: &str| !name.is_empty() && !name.contains(['/', '\\']) && !name.starts_with('.');
        let mut files = BTreeMap::new();
        for file in manifest.files {
            if !is_plain(&file.name) || !folder.join(&file.name).is_file() {
                return Err(broken(format!("it names {:?}, which is no file here", file.name)));
            }
            files.insert(file.name.clone(), folder.join(&file.name));
        }
        if !files.contains_key(&manifest.entry) {
            return Err(broken("its entry is none of its files".to_owned()));
        }
        Ok(Self {
            entry: format!("{PREFIX}{}", manifest.entry),
            files,
        })
    }

    /// A file of the module, packed where the browser takes that.
    pub async fn respond(&self, name: &str, request: Request) -> Response {
        let Some(path) = self.files.get(name) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let file = ServeFile::new(path).precompressed_br().precompressed_gzip();
        served(file, request, "public, max-age=31536000, immutable").await
    }
}

/// A file, piece by piece as the other side takes it: whoever does not, costs a piece.
pub async fn served(file: ServeFile, request: Request, cache: &'static str) -> Response {
    let Ok(mut response) = file.oneshot(request).await;
    if response.status().is_success() {
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    response.into_response()
}
