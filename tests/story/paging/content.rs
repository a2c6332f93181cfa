//! What people read and hear: never a link, never markup, never a whole report (ND-16).

use super::{DANA, FIVE, critical, on_call, pages, told};
use nightdesk_core::paging::PageState;
use nightdesk_standin::carrier::OnCall;

/// Subjects as a vendor, or whoever names a host, could write them.
const HOSTILE: [&str; 5] = [
    "Huntress [EDR] Critical Incident | Ransomware, see https://evil.example/pay on DC01 (Acme)",
    "Huntress [EDR] Critical Incident | <script>alert(1)</script> & \"quotes\" on <b>DC02</b> (Acme)",
    "Huntress [EDR] Critical Incident | {{ widgets.ack.Digits }} {% assign x = 1 %} on DC03 (Acme)",
    "Huntress [EDR] Critical Incident | evil\u{3002}example.com \u{202e}gpj.exe\u{200b} on www.evil\u{ff0e}example (Acme)",
    "Huntress [EDR] Critical Incident | Reply STOP\r\nTo: everybody 12345678901234567890 on \u{7} (Acme)",
];

#[tokio::test]
async fn nd_16_a_hostile_subject_is_read_out_as_words_and_texted_without_a_link() {
    for (n, subject) in HOSTILE.into_iter().enumerate() {
        let mut scene = on_call().await;
        scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
        scene.world().publish(critical(4, 90 + n as i64).field("subject", subject));
        scene.poll().await;
        scene.pass(FIVE).await;
        let (texts, calls) = (scene.phones().take_texts(), scene.phones().take_calls());
        assert_eq!((texts.len(), calls.len()), (1, 1), "{subject}");
        let body = &texts[0].body;
        for link in
            ["https", "http:", "evil.example", "evil\u{3002}", "\u{ff0e}", "\u{202e}", "\u{200b}", "\u{7}", "\n", "\r"]
        {
            assert!(!body.contains(link), "{link:?} in {body}");
        }
        assert!(body.chars().count() <= 306, "two segments at most: {body}");
        let words = calls[0].words();
        for sign in ["<", ">", "{", "}", "://", "\u{202e}"] {
            assert!(!words.contains(sign), "{sign} in {words}");
        }
        assert!(words.contains("Acme"), "{words}");
        assert_eq!(pages(&scene)[0].state, PageState::Acknowledged);
        assert_eq!(told(&scene), (vec![], 0));
        scene.stop().await;
    }
}
