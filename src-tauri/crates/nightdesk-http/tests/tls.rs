//! Certificates are verified.
#![allow(clippy::unwrap_used, reason = "a helper that fails has failed its test")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use nightdesk_http::{ConnectKind, Error, Limits, Request, install_crypto};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use support::{Act, Counter, Server, client};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::{TlsAcceptor, rustls};
use url::Url;

#[cfg(target_os = "linux")]
/// Where the child of [`a_trusted_certificate_is_accepted`] finds the server.
const ADDRESS: &str = "NIGHTDESK_HTTP_TEST_ADDRESS";

/// An https server with a certificate of its own making: its address, the certificate, and the requests it got to read.
#[allow(clippy::disallowed_methods, reason = "the stand-in's tasks end with the test's runtime")]
async fn start() -> (Url, String, Arc<AtomicU32>) {
    install_crypto();
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config =
        rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("https://localhost:{}/", listener.local_addr().unwrap().port())).unwrap();
    let read = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&read);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4096];
            if stream.read(&mut request).await.is_ok_and(|n| n > 0) {
                counted.fetch_add(1, Ordering::SeqCst);
                let _gone =
                    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
                let _gone = stream.shutdown().await;
            }
        }
    });
    (url, cert.pem(), read)
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused_before_the_credential_leaves() {
    let (url, _, read) = start().await;
    let pacer = Counter::new();
    let error = client(Limits::default()).send(Request::get(url).basic("key", "HUSH"), &pacer).await.unwrap_err();
    assert!(matches!(error, Error::Connect { kind: ConnectKind::Tls, .. }), "{error:?}");
    assert!(error.never_sent() && !error.is_transient());
    assert!(error.to_string().contains("certificate") && !error.to_string().contains("HUSH"), "{error}");
    assert_eq!((pacer.asked(), read.load(Ordering::SeqCst)), (1, 0));
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_a_tls_failure() {
    let server = Server::start([Act::Answer("HTTP/1.1 400 Bad\r\n\r\n".to_owned())]).await;
    let mut url = server.url.clone();
    url.set_scheme("https").unwrap();
    // The stand-in waits for the end of a head, which a handshake lacks, so that the handshake itself runs out of time.
    let limits = Limits { connect_timeout: std::time::Duration::from_millis(50), retries: 0, ..Limits::default() };
    let error = client(limits).send(Request::get(url), &Counter::new()).await.unwrap_err();
    assert!(matches!(error, Error::Connect { kind: ConnectKind::TimedOut, .. }) && error.never_sent(), "{error:?}");
}

/// The test runs itself as a child. The trust store is read from the system, and `SSL_CERT_FILE` stands in for it on Linux: set for a child, because a
/// process can't change its own environment safely.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_trusted_certificate_is_accepted() {
    if let Ok(address) = std::env::var(ADDRESS) {
        let client = client(Limits { retries: 0, ..Limits::default() });
        let response = client.send(Request::get(Url::parse(&address).unwrap()), &Counter::new()).await.unwrap();
        assert_eq!(response.status, 200);
        return;
    }
    let (url, pem, read) = start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("root.pem");
    std::fs::write(&file, pem).unwrap();
    let child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_trusted_certificate_is_accepted", "--nocapture"])
        .env("SSL_CERT_FILE", &file)
        .env_remove("SSL_CERT_DIR")
        .env("NO_PROXY", "localhost")
        .env(ADDRESS, url.as_str())
        .output()
        .await
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    assert_eq!(read.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_name_without_an_address_is_told_apart() {
    // RFC 6761 keeps `.invalid` from ever having one. A machine without a network may need longer to find out than we wait.
    let client = client(Limits { retries: 0, ..Limits::default() });
    let url = Url::parse("https://desk.invalid/?token=HUSH").unwrap();
    let error = client.send(Request::get(url), &Counter::new()).await.unwrap_err();
    assert!(matches!(error, Error::Connect { kind: ConnectKind::Dns | ConnectKind::TimedOut, .. }), "{error:?}");
    assert!(error.never_sent() && error.is_transient() && !error.to_string().contains("HUSH"));
}

#[test]
fn installing_twice_is_harmless() {
    install_crypto();
    install_crypto();
}
