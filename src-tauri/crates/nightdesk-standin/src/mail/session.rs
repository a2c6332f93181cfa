//! One connection's conversation (RFC 5321, and RFC 4954 for signing in).

use super::fault::{Fault, Stage};
use super::message::Received;
use super::server::Room;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// The longest message that is taken, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;

/// What a fault does to the conversation.
enum Turn {
    /// It was answered for; the stage's own work isn't done.
    Answered,
    /// It ends.
    Over,
    /// Nothing is wrong.
    Goes,
}

struct Session<'a> {
    room: &'a Room,
    stream: BufReader<TcpStream>,
    user: Option<String>,
    from: Option<String>,
    to: Vec<String>,
}

pub(super) async fn run(room: &Room, stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut session = Session { room, stream: BufReader::new(stream), user: None, from: None, to: Vec::new() };
    match session.stage(Stage::Greeting).await? {
        Turn::Goes => session.say("220 mail.stand-in.example ESMTP").await?,
        Turn::Answered => {}
        Turn::Over => return Ok(()),
    }
    let mut line = String::new();
    loop {
        line.clear();
        if session.stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        let (verb, rest) = command.split_once(' ').unwrap_or((command.as_str(), ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => {
                let auth = if room.wants_sign_in() { "250-AUTH PLAIN LOGIN XOAUTH2\r\n" } else { "" };
                session.say(&format!("250-mail.stand-in.example\r\n{auth}250-SMTPUTF8\r\n250 8BITMIME")).await?;
            }
            "AUTH" => {
                if !session.sign_in(rest).await? {
                    return Ok(());
                }
            }
            "MAIL" => match session.stage(Stage::Sender).await? {
                Turn::Over => return Ok(()),
                Turn::Answered => {}
                Turn::Goes if room.wants_sign_in() && session.user.is_none() => {
                    session.say("530 5.7.0 Authentication required").await?;
                }
                Turn::Goes => {
                    session.from = address(rest);
                    session.to.clear();
                    session.say("250 2.1.0 Ok").await?;
                }
            },
            "RCPT" => match session.stage(Stage::Recipient).await? {
                Turn::Over => return Ok(()),
                Turn::Answered => {}
                Turn::Goes => session.recipient(rest).await?,
            },
            "DATA" if session.from.is_some() && !session.to.is_empty() => {
                session.say("354 End data with <CR><LF>.<CR><LF>").await?;
                if !session.message().await? {
                    return Ok(());
                }
            }
            "DATA" => session.say("503 5.5.1 Need RCPT").await?,
            "RSET" => {
                (session.from, session.to) = (None, Vec::new());
                session.say("250 2.0.0 Ok").await?;
            }
            "NOOP" => session.say("250 2.0.0 Ok").await?,
            "QUIT" => {
                session.say("221 2.0.0 Bye").await?;
                return Ok(());
            }
            _ => session.say("502 5.5.2 Command not recognized").await?,
        }
    }
}

impl Session<'_> {
    async fn say(&mut self, text: &str) -> io::Result<()> {
        // In one piece: of two, the second would wait for the first's acknowledgement.
        let stream = self.stream.get_mut();
        stream.write_all(format!("{text}\r\n").as_bytes()).await?;
        stream.flush().await
    }

    async fn stage(&mut self, stage: Stage) -> io::Result<Turn> {
        match self.room.fault(stage) {
            None => Ok(Turn::Goes),
            Some(Fault::Say(line)) => {
                self.say(line).await?;
                Ok(Turn::Answered)
            }
            Some(Fault::Hangup) => Ok(Turn::Over),
            Some(Fault::Silence) => std::future::pending().await,
        }
    }

    async fn recipient(&mut self, rest: &str) -> io::Result<()> {
        let Some(to) = address(rest) else { return self.say("501 5.1.3 Bad recipient address").await };
        if let Some(line) = self.room.refusal(&to) {
            return self.say(line).await;
        }
        self.to.push(to);
        self.say("250 2.1.5 Ok").await
    }

    /// Whether the conversation goes on.
    async fn sign_in(&mut self, rest: &str) -> io::Result<bool> {
        match self.stage(Stage::SignIn).await? {
            Turn::Over => return Ok(false),
            Turn::Answered => return Ok(true),
            Turn::Goes => {}
        }
        let (mechanism, first) = rest.split_once(' ').unwrap_or((rest, ""));
        let given = STANDARD.decode(first.trim()).ok().and_then(|b| String::from_utf8(b).ok()).unwrap_or_default();
        let read = match mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" => {
                let mut parts = given.split('\0').skip(1);
                parts.next().zip(parts.next()).map(|(u, p)| (u.to_owned(), p.to_owned()))
            }
            "XOAUTH2" => {
                let part = |name: &str| given.split('\u{1}').find_map(|p| p.strip_prefix(name)).map(str::to_owned);
                part("user=").zip(part("auth=Bearer "))
            }
            _ => None,
        };
        match read {
            Some((user, secret)) if self.room.admits(&user, &secret) => {
                self.user = Some(user);
                self.say("235 2.7.0 Authentication successful").await?;
            }
            // What Exchange and Google do with a token that isn't good: they say why, and want to hear nothing more.
            _ if mechanism.eq_ignore_ascii_case("XOAUTH2") => {
                self.say("334 eyJzdGF0dXMiOiI0MDAifQ==").await?;
                let mut line = String::new();
                self.stream.read_line(&mut line).await?;
                self.say("535 5.7.8 Error: authentication failed").await?;
            }
            _ => self.say("535 5.7.8 Error: authentication failed").await?,
        }
        Ok(true)
    }

    /// Whether the conversation goes on.
    async fn message(&mut self) -> io::Result<bool> {
        let mut raw = String::new();
        let mut line = Vec::new();
        loop {
            line.clear();
            if self.stream.read_until(b'\n', &mut line).await? == 0 || raw.len() > LARGEST {
                return Ok(false);
            }
            let text = String::from_utf8_lossy(&line);
            if text == ".\r\n" {
                break;
            }
            raw.push_str(text.strip_prefix('.').unwrap_or(&text));
        }
        match self.stage(Stage::Message).await? {
            Turn::Over => return Ok(false),
            Turn::Answered => return Ok(true),
            Turn::Goes => {}
        }
        let from = self.from.take().unwrap_or_default();
        for to in std::mem::take(&mut self.to) {
            let (at, user) = (self.room.clock.now(), self.user.clone());
            self.room.keep(Received { at, user, from: from.clone(), to, raw: raw.clone() });
        }
        match self.stage(Stage::AfterMessage).await? {
            Turn::Over => Ok(false),
            Turn::Answered => Ok(true),
            Turn::Goes => {
                self.say("250 2.0.0 Ok: queued").await?;
                Ok(true)
            }
        }
    }
}

/// What stands in angle brackets.
fn address(rest: &str) -> Option<String> {
    let (_, after) = rest.split_once('<')?;
    after.split_once('>').map(|(address, _)| address.to_owned())
}
