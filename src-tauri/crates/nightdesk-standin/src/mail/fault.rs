//! What goes wrong, and where.

/// Where in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Instead of the greeting.
    Greeting,
    /// In answer to a sign-in.
    SignIn,
    /// In answer to MAIL.
    Sender,
    /// In answer to RCPT.
    Recipient,
    /// In answer to the message's end; it isn't kept.
    Message,
    /// In answer to the message's end, which is kept all the same.
    AfterMessage,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// This line is answered.
    Say(&'static str),
    /// The connection is closed.
    Hangup,
    /// Nothing is answered, ever.
    Silence,
}
