use super::*;

const CLOSE: Errand = Errand::new("change statuses", "ticket:update");
const OPEN: Errand = Errand::new("open tickets", "ticket:create");

fn refused(status: u16, code: &str, message: &str, details: &[(&str, &str)]) -> Refusal {
    Refusal {
        status,
        code: Some(code.to_owned()).filter(|c| !c.is_empty()),
        message: Some(message.to_owned()),
        details: details.iter().map(|(f, w)| ((*f).to_owned(), (*w).to_owned())).collect(),
        retry_after: None,
        errand: OPEN,
    }
}

#[test]
fn what_a_person_reads_names_the_field_the_permission_and_the_remedy() {
    let validation =
        |details: &[(&str, &str)]| refused(400, "VALIDATION_ERROR", "Validation failed", details).sentence();
    let title = validation(&[("title", "Title too long")]);
    assert!(title.contains("\"title: Title too long\"") && title.contains("shorten it"), "{title}");
    assert!(validation(&[("status_id", "Status does not belong to board")]).contains("isn't one of that board's"));
    let rules = [("status_id", "All checklist items must be done"), ("status_id", "Time entry required")];
    let rules = Refusal { errand: CLOSE, ..refused(400, "VALIDATION_ERROR", "Validation failed", &rules) }.sentence();
    assert!(
        rules.contains("close rules") && rules.contains("checklist items") && rules.contains("Time entry"),
        "{rules}"
    );
    assert!(refused(400, "BAD_REQUEST", "Invalid reference", &[]).sentence().contains("was deleted there"));
    let may_not = refused(403, "FORBIDDEN", "Permission denied", &[]).sentence();
    assert!(may_not.contains("may not open tickets, which needs ticket:create"), "{may_not}");
    assert!(refused(403, "PRODUCT_ACCESS_DENIED", "no", &[]).sentence().contains("product or plan"));
    assert!(refused(403, "", "", &[]).sentence().contains("in front of AlgaPSA"));
    assert!(refused(401, "UNAUTHORIZED", "Invalid", &[]).sentence().contains("nightdesk secret set ALGAPSA_API_KEY"));
}

#[test]
fn only_the_keys_own_trouble_is_told_as_such() {
    let of_key = |status, code| refused(status, code, "Permission denied", &[]).of_key();
    let wrong = of_key(401, "UNAUTHORIZED").unwrap();
    assert_eq!(wrong, "HTTP 401. AlgaPSA says: \"Permission denied\". It is wrong, expired, used up or revoked");
    let lacking = of_key(403, "FORBIDDEN").unwrap();
    let said =
        "its user may not open tickets, which needs ticket:create (HTTP 403). AlgaPSA says: \"Permission denied\"";
    assert_eq!(lacking, said);
    assert!(of_key(403, "PRODUCT_ACCESS_DENIED").is_some());
    assert_eq!(
        (of_key(403, ""), of_key(404, "NOT_FOUND")),
        (None, None),
        "a firewall's refusal is nothing of the key's"
    );
}

#[test]
fn only_the_psa_itself_can_say_that_a_ticket_is_gone() {
    assert!(refused(404, "NOT_FOUND", "Ticket not found", &[]).is_gone());
    assert!(!refused(404, "", "", &[]).is_gone() && !Refusal::bare(404, OPEN).is_gone());
}

#[test]
fn long_words_are_cut_and_stay_on_one_line() {
    let long = shortened(&"a\nb ".repeat(400));
    assert!(long.chars().count() <= LONGEST && long.ends_with('…') && !long.contains('\n'));
}
