//! What is to be sent.

use std::fmt;

use bytes::Bytes;
pub use reqwest::Method;
use secrecy::SecretString;
use url::Url;

/// One request, built by the adapter that knows the vendor's interface. Its debug print names method and host alone,
/// because paths (a webhook's), queries and headers may be secret.
#[derive(Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) auth: Option<Auth>,
    pub(crate) headers: Vec<(String, SecretString)>,
    pub(crate) body: Option<Bytes>,
}

/// Who asks. An API key's public half is kept as closely as its secret one: both together are the credential.
#[derive(Clone)]
pub(crate) enum Auth {
    Bearer(SecretString),
    Basic { user: SecretString, secret: SecretString },
}

impl Request {
    /// A request without headers or body. The address is checked when it is sent; see [`crate::address::check`].
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, auth: None, headers: Vec::new(), body: None }
    }

    /// A GET: the only kind that is repeated on its own.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// A POST: sent at most once, on a connection of its own.
    pub fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// `Authorization: Bearer …`; replaces earlier credentials.
    pub fn bearer(mut self, token: impl Into<SecretString>) -> Self {
        self.auth = Some(Auth::Bearer(token.into()));
        self
    }

    /// `Authorization: Basic …`; replaces earlier credentials.
    pub fn basic(mut self, user: impl Into<SecretString>, secret: impl Into<SecretString>) -> Self {
        self.auth = Some(Auth::Basic { user: user.into(), secret: secret.into() });
        self
    }

    /// A header. Every value is treated as secret, so an `x-api-key` needs no special care.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The body and its media type.
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", content_type)
    }

    /// The body as a form, `application/x-www-form-urlencoded`, in the order given.
    pub fn form<'a>(self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", body)
    }

    /// Whether sending it twice changes nothing by HTTP's own rules and by ours.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.method == Method::GET
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("host", &crate::address::host_and_port(&self.url))
            .finish_non_exhaustive()
    }
}
