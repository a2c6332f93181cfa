//! The built user interface, under the policy that the desktop application gives it.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use std::path::{Component, Path, PathBuf};

/// Where the desktop application's policy is written.
const SHELL: &str = include_str!("../../src-tauri/tauri.conf.json");

/// A folder of files.
pub struct Page {
    folder: PathBuf,
    policy: HeaderValue,
}

impl Page {
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), policy: policy() }
    }

    /// A file, or the page itself for a path within the application.
    pub fn file(&self, path: &str) -> Response<Body> {
        let asked = Path::new(path.trim_start_matches('/'));
        let inside = asked.components().all(|part| matches!(part, Component::Normal(_)));
        let named = if inside && asked.extension().is_some() { asked } else { Path::new("index.html") };
        let Ok(bytes) = std::fs::read(self.folder.join(named)) else {
            return said(StatusCode::NOT_FOUND, "there is no such file; is the user interface built?");
        };
        let mut response = Response::new(Body::from(bytes));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(named)));
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }
}

/// A refusal in words.
pub fn said(status: StatusCode, words: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = status;
    response
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The application's own policy. The shell's calls go by its own scheme and the bridge's by HTTP, so that connecting to
/// where the page came from is allowed in addition.
fn policy() -> HeaderValue {
    let shell: serde_json::Value = serde_json::from_str(SHELL).expect("tauri.conf.json is JSON");
    let written = match &shell["app"]["security"]["csp"] {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Object(parts) => {
            let part = |(name, value): (&String, &serde_json::Value)| match value {
                serde_json::Value::Array(words) => {
                    let words: Vec<&str> = words.iter().filter_map(|w| w.as_str()).collect();
                    format!("{name} {}", words.join(" "))
                }
                other => format!("{name} {}", other.as_str().unwrap_or_default()),
            };
            parts.iter().map(part).collect::<Vec<_>>().join("; ")
        }
        _ => "default-src 'self'".to_owned(),
    };
    let with_own = written
        .split(';')
        .map(str::trim)
        .map(|part| match part.strip_prefix("connect-src ") {
            Some(places) if !places.contains("'self'") => format!("connect-src 'self' {places}"),
            _ => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("; ");
    HeaderValue::from_str(&with_own).expect("a policy is one line")
}
