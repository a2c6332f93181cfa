//! The configuration that the stories run with.

/// The built-in desk with three clients; organization 4 is mapped to Acme. `{url}` is the stand-in's address.
pub const CONFIG: &str = r#"
[huntress]
base_url = "{url}"
requests_per_minute = 6000

[local]
clients = ["Security Triage", "Acme", "Globex", "Initech"]
boards = [{ name = "Security", open_status = "New", closed_status = "Closed", categories = ["Security incident"] },
          { name = "Triage", open_status = "To sort", closed_status = "Done" }]
priorities = ["Critical", "High", "Medium", "Low"]

[routing]
security_board = "Security"
category = "Security incident"
fallback_client = "Security Triage"
triage_board = "Triage"
priority = { critical = "Critical", high = "High", low = "Low" }
poll_interval_minutes = 5
close_through = true
closed_status = "Closed"

[[organization]]
id = 4
client = "Acme"
"#;

/// [`CONFIG`] for this address.
pub fn configuration(url: &str) -> String {
    CONFIG.replace("{url}", url)
}
