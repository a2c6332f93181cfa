//! `tickets` and `rehome`.

use clap::Args;

/// Which tickets to list.
#[derive(Debug, Clone, Default, Args)]
pub struct TicketsArgs {
    /// Only this board
    #[arg(long, value_name = "B")]
    pub board: Option<String>,
    /// Only this client
    #[arg(long, value_name = "C")]
    pub client: Option<String>,
    /// Only open ones
    #[arg(long)]
    pub open: bool,
    /// Only those with these words in title, description or host
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// At most so many, newest first
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
}

/// What to move where.
#[derive(Debug, Clone, Args)]
pub struct RehomeArgs {
    /// The tickets' ids, or numbers such as T-1001
    #[arg(required = true, value_name = "ID", value_parser = name)]
    pub ids: Vec<String>,
    /// Their client, by its name on the desk
    #[arg(long, value_name = "NAME")]
    pub client: String,
    /// Also map the organization, and move its other open triage tickets along
    #[arg(long)]
    pub map_org: bool,
}

/// A ticket as a person names it. Whether there is such a ticket is another question.
pub fn name(text: &str) -> Result<String, String> {
    let number = text.strip_prefix("T-").or_else(|| text.strip_prefix("t-")).unwrap_or(text);
    match number.parse::<i64>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("expected a ticket's id, such as 1, or its number, such as T-1001".to_owned()),
    }
}
