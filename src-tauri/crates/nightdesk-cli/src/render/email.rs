//! A test of mail.

use super::table::Rows;
use nightdesk_api::EmailTested;

/// A line for each address.
pub fn tested(tested: &EmailTested) -> String {
    let mut rows = Rows::new(&["address", "what came of it"]).whole(0);
    for line in &tested.addresses {
        let came = match (line.ok, line.state.word()) {
            (true, _) => "taken by the server",
            (false, "retrying") => "failed for now",
            (false, "queued" | "claimed" | "sending") => "on its way",
            (false, "in_doubt") => "nobody knows",
            (false, "expired") => "not sent in time",
            (false, _) => "refused",
        };
        rows.row([line.address.as_str(), came]);
    }
    rows.text()
}
