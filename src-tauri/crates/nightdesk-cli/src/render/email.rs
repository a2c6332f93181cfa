//! A test of mail.

use super::table::Rows;
use nightdesk_api::EmailTested;

/// A line for each address.
pub fn tested(tested: &EmailTested) -> String {
    let mut rows = Rows::new(&["address", "what came of it"]).whole(0);
    for line in &tested.addresses {
        // A test that is over is cancelled; what came of it is what its last attempt came to.
        let came = match (line.ok, line.outcome.unwrap_or(line.state).word()) {
            (true, _) => "taken by the server",
            (false, "rejected") => "refused",
            (false, "retrying") => "failed for now",
            (false, "needs_human") => "not sent: something must be set right first",
            (false, "queued" | "claimed" | "sending") => "on its way",
            (false, "in_doubt") => "nobody knows",
            (false, "expired") => "not sent in time",
            (false, _) => "not sent",
        };
        rows.row([line.address.as_str(), came]);
    }
    rows.text()
}
