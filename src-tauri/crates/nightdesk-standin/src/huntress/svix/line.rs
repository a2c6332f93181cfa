//! A connection to an endpoint: as little HTTP as a sender of posts needs, kept alive between them.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::signed::Signed;

/// Longest answer that is read.
const LONGEST: u64 = 64 * 1024;

/// A connection, plain or in TLS.
#[derive(Debug)]
pub struct Line<S> {
    stream: BufReader<S>,
    host: String,
}

impl Line<TcpStream> {
    /// A plain connection.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self::over(stream, &address.to_string()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    /// A connection that stands already.
    pub fn over(stream: S, host: &str) -> Self {
        Self { stream: BufReader::new(stream), host: host.to_owned() }
    }

    /// Posts and reads the answer: its status and its start.
    ///
    /// # Errors
    /// When the connection breaks, or the answer isn't HTTP.
    pub async fn post(&mut self, path: &str, signed: &Signed) -> io::Result<(u16, String)> {
        let mut request =
            format!("POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n", self.host, signed.body.len());
        for (name, value) in &signed.headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(&signed.body);
        self.stream.write_all(&bytes).await?;
        self.stream.flush().await?;
        self.answer().await
    }

    async fn answer(&mut self) -> io::Result<(u16, String)> {
        let unread = || io::Error::from(io::ErrorKind::InvalidData);
        let mut head = String::new();
        if self.stream.read_line(&mut head).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(unread)?;
        let mut length = 0_u64;
        loop {
            let mut header = String::new();
            self.stream.read_line(&mut header).await?;
            let header = header.trim_end();
            if header.is_empty() {
                break;
            }
            if let Some((name, value)) = header.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().map_err(|_| unread())?;
            }
        }
        let mut body = vec![0; usize::try_from(length.min(LONGEST)).map_err(|_| unread())?];
        self.stream.read_exact(&mut body).await?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }
}
