use super::*;
use proptest::prelude::*;

fn incident(subject: &str, organization: Option<&str>) -> Incident {
    serde_json::from_value(serde_json::json!({
        "id": 42, "account": null, "organization": null, "organization_name": organization, "agent": null,
        "platform": null, "status": "sent", "severity": "critical", "subject": subject, "summary": null, "body": null,
        "indicator_types": [], "indicator_counts": [], "remediations": { "total": 0, "has_more": false, "items": [] },
        "sent_at": null, "closed_at": null, "status_updated_at": null, "updated_at": null
    }))
    .unwrap()
}

fn read(subject: &str) -> (String, Option<String>) {
    let incident = incident(subject, None);
    (headline(&incident), name(&incident))
}

fn told(title: &str, name: &str) -> (String, Option<String>) {
    (title.to_owned(), (!name.is_empty()).then(|| name.to_owned()))
}

#[test]
fn what_happened_and_on_what_in_either_format() {
    for (subject, title, name) in [
        ("CRITICAL - Incident on SRV01 (Acme)", "Incident", "SRV01"),
        ("CRITICAL - Incident on SRV01", "Incident", "SRV01"),
        ("[Huntress Detection] CRITICAL - ISOLATED - Incident on SRV01 (Acme)", "ISOLATED - Incident", "SRV01"),
        ("LOW - Incident on Dana's laptop on wheels (Acme)", "Incident", "Dana's laptop on wheels"),
        ("CRITICAL - Incident on SRV01 (Acme | West)", "Incident", "SRV01"),
        ("Huntress [EDR] Critical Incident | Malware on SRV01 (Acme)", "Malware", "SRV01"),
        ("Huntress [EDR] Critical Incident | Malware on SRV01 (Acme (US))", "Malware", "SRV01"),
        ("Huntress [EDR] Critical Incident | Malware on SRV01 (Acme) US))", "Malware", "SRV01"),
        ("Huntress [EDR] Critical Incident | Malware on SRV01", "Malware", "SRV01"),
        (
            "Huntress [EDR] Critical Incident | Suspicious process on startup on SRV01 (Acme)",
            "Suspicious process on startup",
            "SRV01",
        ),
        ("Huntress EDR Critical Ransomware Canary | SRV9 (Acme)", "Ransomware Canary", "SRV9"),
        ("Huntress [EDR] Critical Incident | SRV9 (Acme)", "Incident", "SRV9"),
        ("Huntress [ITDR] High Credential Theft | dana@acme.test (Acme)", "Credential Theft", "dana@acme.test"),
        ("Huntress [ITDR] Critical Incident | Inbox rule on ACME\\dana (Acme)", "Inbox rule", "ACME\\dana"),
        ("Huntress [EDR] Critical Incident | Malware on dc-main.acme.local. (Acme)", "Malware", "dc-main.acme.local"),
        ("Huntress [EDR] Critical Incident | Malware on DC-MAIN (Acme)", "Malware", "DC-MAIN"),
        (
            "Huntress [EDR] Critical Ransomware Canary | Files changed on SRV9 (Acme)",
            "Ransomware Canary: Files changed",
            "SRV9",
        ),
        ("Huntress [EDR] Critical Ransomware Canary | Incident on SRV9 (Acme)", "Ransomware Canary", "SRV9"),
        ("Huntress [EDR] Critical Malware | Malware found on SRV9 (Acme)", "Malware found", "SRV9"),
    ] {
        assert_eq!(read(subject), told(title, name), "{subject}");
    }
}

#[test]
fn what_may_be_no_host_is_told_and_is_no_name() {
    for (details, title) in [
        ("Ransomware canary", "Ransomware canary"),
        ("Ransomware", "Ransomware"),
        ("Noor Fairweather", "Noor Fairweather"),
        ("Suspicious process on startup", "Suspicious process on startup"),
        ("Suspicious process on start-up", "Suspicious process on start-up"),
        ("Malware on Windows11", "Malware on Windows11"),
        ("Login on M365", "Login on M365"),
        ("Listener on port 3389", "Listener on port 3389"),
        ("Beacon on evil7.example", "Beacon on evil7.example"),
        ("Brute force on 203.0.113.5", "Brute force on 203.0.113.5"),
        ("CVE-2026-1234", "CVE-2026-1234"),
        ("T1059.001", "T1059.001"),
        ("svchost32.exe", "svchost32.exe"),
        ("Login from Tor on lee@acme.test by night", "Login from Tor on lee@acme.test by night"),
        ("", "incident"),
    ] {
        let subject = format!("Huntress [SIEM] Critical Incident | {details} (Acme)");
        assert_eq!(read(&subject), told(title, ""), "{subject}");
    }
    let category = "Huntress [ITDR] High Malicious Inbox Rule | Noor Fairweather (Acme (UK))";
    assert_eq!(read(category), told("Malicious Inbox Rule: Noor Fairweather", ""));
    for (neither, title) in [
        ("Bulletin on new threats", "Bulletin on new threats"),
        ("The week - news on SRV01", "news on SRV01"),
        (" on ", "on"),
        (" | ", "incident"),
        ("", "number 42, without a subject"),
        ("Ransomware", "Ransomware"),
    ] {
        assert_eq!(read(neither), told(title, ""), "{neither:?}");
    }
}

#[test]
fn an_organization_that_is_known_is_taken_off_whatever_its_brackets() {
    let odd = incident("Huntress [EDR] Critical Incident | Malware on SRV01 (Acme (US)", Some("Acme (US"));
    assert_eq!((headline(&odd), name(&odd)), told("Malware", "SRV01"));
}

#[test]
fn a_host_that_is_known_from_elsewhere_is_not_said_twice() {
    let beside = |subject: &str, host: &str| headline_beside(&incident(subject, None), Some(host));
    let on = |host: &str| format!("Huntress [EDR] Critical Incident | Malware on {host} (Acme)");
    assert_eq!(beside(&on("FILESERVER"), "fileserver"), "Malware");
    assert_eq!(beside(&on("Dana's MacBook Pro"), "Dana's MacBook Pro"), "Malware");
    assert_eq!(beside(&on("Laptop on wheels"), "Laptop on wheels"), "Malware");
    assert_eq!(beside("Huntress [EDR] Critical Ransomware | FILESERVER (Acme)", "FILESERVER"), "Ransomware");
    assert_eq!(beside("Huntress [EDR] Critical Incident | FILESERVER (Acme)", "FILESERVER"), "Incident");
    assert_eq!(beside("Huntress [EDR] Critical Incident | Ransomware (Acme)", "FILESERVER"), "Ransomware");
}

#[test]
fn a_name_beyond_what_is_read_is_none() {
    let long = format!("Huntress [EDR] Critical Incident | {} on SRV01 (Acme)", "a".repeat(LONGEST));
    assert_eq!(read(&long).1, None);
    let cut = format!("CRITICAL - Incident on {}1", "a".repeat(LONGEST));
    assert_eq!(read(&cut).1, None, "two hosts may have the same beginning");
}

proptest! {
    #[test]
    fn any_subject_is_read(subject in "\\PC{0,80}|(Huntress|CRITICAL|Incident on|on|\\||-|\\(|\\)|[a-zA-Z0-9@.]{1,6}| ){0,14}", host in proptest::option::of("\\PC{0,9}")) {
        let incident = incident(&subject, host.as_deref());
        prop_assert!(!headline_beside(&incident, host.as_deref()).is_empty());
        prop_assert!(name(&incident).is_none_or(|n| !n.is_empty() && subject.split_whitespace().collect::<Vec<_>>().join(" ").contains(&n)));
    }
}
