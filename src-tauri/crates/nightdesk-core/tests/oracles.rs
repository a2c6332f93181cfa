//! Second opinions, where their tools are there: Twilio's own segment calculator (npm `sms-segments-calculator`, found
//! by `NODE_PATH`) and Python's `phonenumbers` (found by `python3`, or the interpreter in `PYTHON`).
//!
//! Both are from other registries and for development only: without them these tests compare nothing and say so.
//! `cargo test -p nightdesk-core --test oracles -- --nocapture` shows how many cases were equal.

use nightdesk_core::message::{Encoding, segments};
use nightdesk_core::phone::{Line, Number, REGIONS, Refused, Region};
use std::io::Write;
use std::process::{Command, Stdio};

/// Asks a script about cases, one JSON array in and one out; none where the tool or its library isn't there.
fn ask(program: &str, flag: &str, script: &str, cases: &[String]) -> Option<Vec<String>> {
    let mut child = Command::new(program)
        .args([flag, script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(&serde_json::to_vec(cases).ok()?).ok()?;
    let answer = child.wait_with_output().ok()?;
    if !answer.status.success() {
        return None;
    }
    serde_json::from_slice(&answer.stdout).ok()
}

/// Numbers that look drawn, the same in each run.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

#[test]
fn segments_are_twilios() {
    const SCRIPT: &str = "const {SegmentedMessage} = require('sms-segments-calculator');
        const cases = JSON.parse(require('fs').readFileSync(0));
        console.log(JSON.stringify(cases.map(c => { const m = new SegmentedMessage(c);
            return [m.encodingName, m.segmentsCount].join(' '); })));";
    let letters: Vec<char> = "abc XYZ 0189 @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!¡ÄÖÑÜ§¿äöñüà".chars().collect();
    let escaped: Vec<char> = "^{}\\[~]|€".chars().collect();
    let beyond: Vec<char> = "çł中😀й’…".chars().collect();
    let mut drawn = Drawn(7);
    let cases: Vec<String> = (0..4_000)
        .map(|i| {
            let length = 1 + drawn.below(360);
            let mut text = String::new();
            for _ in 0..length {
                let set = match drawn.below(20) {
                    0..4 => &escaped,
                    4 if i % 2 == 0 => &beyond,
                    _ => &letters,
                };
                text.push(set[drawn.below(set.len())]);
            }
            text
        })
        .collect();
    let Some(theirs) = ask("node", "-e", SCRIPT, &cases) else {
        return println!("nothing compared: the tool is not here");
    };
    for (text, theirs) in cases.iter().zip(&theirs) {
        let ours = segments(text);
        let name = if ours.encoding == Encoding::Gsm7 { "GSM-7" } else { "UCS-2" };
        assert_eq!(&format!("{name} {}", ours.count), theirs, "{text:?}");
    }
    println!("{} texts equal", theirs.len());
}

#[test]
fn numbers_are_pythons() {
    const SCRIPT: &str = "import json, sys, phonenumbers as p
def say(text):
    try: n = p.parse(text)
    except p.NumberParseException: return 'none'
    if not p.is_valid_number(n): return 'invalid'
    return ' '.join([p.format_number(n, p.PhoneNumberFormat.E164), p.region_code_for_number(n) or 'ZZ', str(p.number_type(n))])
print(json.dumps([say(c) for c in json.load(sys.stdin)]))";
    let mut drawn = Drawn(11);
    let codes: Vec<String> =
        REGIONS.iter().map(|r| r.prefix.replace(' ', "")).chain(["+41".into(), "+1787".into()]).collect();
    let mut cases = Vec::new();
    for i in 0..12_000 {
        let hint: String = REGIONS[i % REGIONS.len()].hint.replace(' ', "");
        // Half are near a real number, the other half anything behind a calling code.
        let mut text: Vec<char> =
            if i % 2 == 0 { hint.chars().collect() } else { codes[drawn.below(codes.len())].chars().collect() };
        let changes = if i % 2 == 0 { 1 + drawn.below(4) } else { 6 + drawn.below(6) };
        for _ in 0..changes {
            let digit = char::from(b'0' + drawn.below(10) as u8);
            if i % 2 == 1 {
                text.push(digit);
            } else {
                let at = 2 + drawn.below(text.len() - 2);
                text[at] = digit;
            }
        }
        if drawn.below(3) == 0 {
            let at = 3 + drawn.below(text.len() - 3);
            text.insert(at, [' ', '-', '.', '/', '(', ')'][drawn.below(6)]);
        }
        cases.push(text.into_iter().collect::<String>());
    }
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let Some(theirs) = ask(&python, "-c", SCRIPT, &cases) else {
        return println!("nothing compared: the tool is not here");
    };
    let mut read = 0;
    for (text, theirs) in cases.iter().zip(&theirs) {
        let fields: Vec<&str> = theirs.split(' ').collect();
        let agrees = match (Number::read(text), fields.as_slice()) {
            (Ok(ours), [e164, region, kind]) => {
                read += 1;
                let line = match *kind {
                    "0" => Line::Fixed,
                    "1" => Line::Mobile,
                    "2" => Line::MobileOrFixed,
                    _ => Line::Other,
                };
                ours.e164() == *e164 && ours.region().id == *region && ours.line() == line
            }
            (Err(Refused::Elsewhere { .. }), [_, region, _]) => Region::by_id(region).is_none(),
            (Err(Refused::NotAPhone { .. }), [_, _, kind]) => ["3", "4", "5", "8", "10"].contains(kind),
            (Err(_), ["none" | "invalid"]) => true,
            _ => false,
        };
        assert!(agrees, "{text}: {:?}, but theirs {theirs}", Number::read(text));
    }
    println!("{} numbers equal, {read} of them read", theirs.len());
}
