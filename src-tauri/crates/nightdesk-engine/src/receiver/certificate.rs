//! The certificate, taken up anew when its files have changed.

use chrono::{DateTime, Utc};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::{ClientHello, ResolvesServerCert, ServerConfig};
use rustls::sign::CertifiedKey;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;
use tokio::sync::Notify;

/// What tells one version of a file from the next.
type Version = (Option<SystemTime>, u64);

/// Certificate and key from their files. Both are looked at on each handshake: a renewal is served from the next one on,
/// without a restart or a signal, and one that can't be used leaves the certificate before it in place.
pub(super) struct Certificate {
    cert: PathBuf,
    key: PathBuf,
    held: Mutex<Held>,
    pub(super) changed: Notify,
}

/// How a certificate stands.
pub(super) struct Standing {
    /// Until when it is valid, as far as that can be read.
    pub until: Option<DateTime<Utc>>,
    /// Why the files as they are now can't be used.
    pub error: Option<String>,
}

struct Held {
    versions: [Version; 2],
    key: Arc<CertifiedKey>,
    error: Option<String>,
}

impl Certificate {
    /// Reads both files.
    ///
    /// # Errors
    /// What is wrong with which of them, for a person.
    pub fn open(cert: &str, key: &str) -> Result<Self, String> {
        let (cert, key) = (PathBuf::from(cert), PathBuf::from(key));
        let versions = [version(&cert), version(&key)];
        let held = Held { versions, key: Arc::new(read(&cert, &key)?), error: None };
        Ok(Self { cert, key, held: Mutex::new(held), changed: Notify::new() })
    }

    /// TLS by this certificate.
    ///
    /// # Errors
    /// In words; none that is known.
    pub fn server_config(self: &Arc<Self>) -> Result<ServerConfig, String> {
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let mut config = builder.with_no_client_auth().with_cert_resolver(self.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    /// Looks at the files, and answers how what is served stands.
    pub fn standing(&self) -> Standing {
        let held = self.followed();
        Standing { until: held.key.cert.first().and_then(until), error: held.error.clone() }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn followed(&self) -> std::sync::MutexGuard<'_, Held> {
        let mut held = self.lock();
        let versions = [version(&self.cert), version(&self.key)];
        if versions != held.versions {
            // Remembered in either case: a half-written pair is read again when its other half comes.
            held.versions = versions;
            match read(&self.cert, &self.key) {
                Ok(key) => {
                    held.key = Arc::new(key);
                    held.error = None;
                    tracing::info!(cert = %self.cert.display(), "a renewed certificate is in use");
                }
                Err(error) => {
                    tracing::error!(%error, "the renewed certificate can't be used; the one before it serves on");
                    held.error = Some(error);
                }
            }
            self.changed.notify_one();
        }
        held
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.followed().key.clone())
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificate").field("cert", &self.cert).finish_non_exhaustive()
    }
}

/// A certificate's last moment. The verifier tells it of one that is over, and after the year 9999 each is.
fn until(certificate: &CertificateDer<'_>) -> Option<DateTime<Utc>> {
    const LATEST: std::time::Duration = std::time::Duration::from_secs(253_402_300_799);
    let certificate = webpki::EndEntityCert::try_from(certificate).ok()?;
    let (time, usage) = (UnixTime::since_unix_epoch(LATEST), webpki::KeyUsage::server_auth());
    match certificate.verify_for_usage(&[], &[], &[], time, usage, None, None) {
        Err(webpki::Error::CertExpired { not_after, .. }) => {
            DateTime::from_timestamp(i64::try_from(not_after.as_secs()).ok()?, 0)
        }
        _ => None,
    }
}

fn version(path: &Path) -> Version {
    std::fs::metadata(path).map_or((None, 0), |found| (found.modified().ok(), found.len()))
}

fn read(cert: &Path, key: &Path) -> Result<CertifiedKey, String> {
    let of_cert = |error| format!("webhook_in.tls_cert {} can't be read: {error}", cert.display());
    let chain =
        CertificateDer::pem_file_iter(cert).map_err(of_cert)?.collect::<Result<Vec<_>, _>>().map_err(of_cert)?;
    if chain.is_empty() {
        return Err(format!("webhook_in.tls_cert {} holds no certificate in PEM form", cert.display()));
    }
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| format!("webhook_in.tls_key {} can't be read: {error}", key.display()))?;
    CertifiedKey::from_der(chain, private, &ring::default_provider())
        .map_err(|error| format!("webhook_in.tls_cert and tls_key can't be used together: {error}"))
}
