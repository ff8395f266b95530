//! The module that joins Teams: built from `teams-client/` with Microsoft's Calling SDK, which may not be part of this
//! binary (its licence), so it lies in a folder of the operator's and is served from there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::response::Response;
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

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
    pub async fn respond(&self, name: &str, headers: &HeaderMap) -> Response {
        let Some(path) = self.files.get(name) else {
            return status(StatusCode::NOT_FOUND);
        };
        let accepts = headers
            .get(ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let takes = |coding: &str| {
            accepts.split(',').any(|part| {
                let mut words = part.trim().split(';');
                words
                    .next()
                    .is_some_and(|name| name.trim().eq_ignore_ascii_case(coding))
                    && !words.any(|word| word.trim() == "q=0")
            })
        };
        let mut packed = None;
        for (coding, ending) in [("br", "br"), ("gzip", "gz")] {
            if takes(coding) {
                let beside = PathBuf::from(format!("{}.{ending}", path.display()));
                if let Ok(bytes) = tokio::fs::read(&beside).await {
                    packed = Some((coding, bytes));
                    break;
                }
            }
        }
        let (coding, bytes) = match packed {
            Some((coding, bytes)) => (Some(coding), bytes),
            None => match tokio::fs::read(path).await {
                Ok(bytes) => (None, bytes),
                Err(error) => {
                    tracing::warn!(%error, "a file of the Teams client can't be read");
                    return status(StatusCode::NOT_FOUND);
                }
            },
        };
        let kind = mime_guess::from_path(path).first_or_octet_stream();
        let mut response = Response::builder()
            .header(CONTENT_TYPE, kind.as_ref())
            .header(CACHE_CONTROL, "public, max-age=31536000, immutable")
            .header(VARY, "accept-encoding");
        if let Some(coding) = coding {
            response = response.header(CONTENT_ENCODING, coding);
        }
        response
            .body(Body::from(bytes))
            .unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
