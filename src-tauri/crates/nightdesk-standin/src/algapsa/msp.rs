//! A small MSP.

use super::desk::Desk;

impl Desk {
    /// A desk with the boards "Security" and "Triage", each with the statuses New (its default), In Progress and Closed
    /// (a closed one); the category "Security incident" on Security; the priorities Critical, High, Medium and Low; the
    /// clients "Security Triage", "Acme" and "Globex".
    pub fn msp() -> Self {
        let desk = Self::new();
        for board in ["Security", "Triage"] {
            desk.add_board(board);
            for (status, is_closed) in [("New", false), ("In Progress", false), ("Closed", true)] {
                desk.add_status(board, status, is_closed);
            }
        }
        desk.add_category("Security", "Security incident");
        for priority in ["Critical", "High", "Medium", "Low"] {
            desk.add_priority(priority);
        }
        for client in ["Security Triage", "Acme", "Globex"] {
            desk.add_client(client);
        }
        desk
    }
}
