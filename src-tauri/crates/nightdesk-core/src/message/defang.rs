//! Text without anything that a handset makes a link of (ND-16).

use linkify::LinkFinder;

/// Words before a colon that are a scheme without any slashes too.
const SCHEMES: [&str; 37] = [
    "about",
    "bitcoin",
    "blob",
    "callto",
    "content",
    "data",
    "facetime",
    "file",
    "ftp",
    "ftps",
    "geo",
    "http",
    "https",
    "im",
    "intent",
    "itms",
    "javascript",
    "ldap",
    "magnet",
    "mailto",
    "maps",
    "market",
    "mms",
    "mmsto",
    "news",
    "rtsp",
    "sftp",
    "sip",
    "sips",
    "skype",
    "sms",
    "smsto",
    "ssh",
    "tel",
    "vbscript",
    "wtai",
    "xmpp",
];

/// Marks every dot, at-sign, scheme and double slash that could make a link, the way security people write them:
/// `hxxp[://]evil[.]example`. Nothing is dropped, so the text can still be read; that file names are marked too does no
/// harm, as handsets link those as well. Applying it again changes nothing.
///
/// ND-16: vendor text reaches a handset only through here, so an SMS never holds a link.
pub fn defang(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let near = |at: usize| (at.checked_sub(1).and_then(|i| chars.get(i)).copied(), chars.get(at + 1).copied());
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let (before, after) = near(at);
        let mut taken = 1;
        if is_dot(c) && is_joint(&chars, at) {
            let ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            if matches!(c, '。' | '｡') && !ascii(before) && !ascii(after) {
                // The full stop of a text in Chinese or Japanese, where a blank parts what a dot could join.
                out.extend([c, ' ']);
            } else {
                out.push_str("[.]");
            }
        } else if is_at(c) {
            out.push_str("[at]");
        } else if is_colon(c) || is_slash(c) {
            let colon = usize::from(is_colon(c));
            let run = chars.iter().skip(at + colon).take_while(|c| is_slash(**c)).count();
            if run > 1 {
                taken = colon + run;
                let marks: String = [":", ""][1 - colon].chars().chain("/".repeat(run).chars()).collect();
                if before == Some('[') && chars.get(at + taken) == Some(&']') {
                    out.push_str(&marks);
                } else {
                    spell_scheme(&mut out);
                    out.push_str(&format!("[{marks}]"));
                }
            } else if colon == 1 && after.is_some_and(|a| !a.is_whitespace()) && is_scheme(last_word(&out)) {
                spell_scheme(&mut out);
                out.push_str("[:]");
            } else {
                out.push(c);
            }
        } else {
            out.push(c);
        }
        at += taken;
    }
    out
}

/// Whether a text holds anything that a handset makes a link of.
pub fn has_link(text: &str) -> bool {
    defang(text) != text || LinkFinder::new().url_must_have_scheme(false).links(text).next().is_some()
}

fn is_dot(c: char) -> bool {
    matches!(c, '.' | '．' | '。' | '｡' | '․' | '﹒')
}

fn is_at(c: char) -> bool {
    matches!(c, '@' | '＠' | '﹫')
}

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：' | '﹕' | '︓')
}

fn is_slash(c: char) -> bool {
    matches!(c, '/' | '／')
}

/// Whether a dot stands between two characters that a link could have there. Not so at a word's end or beginning, in a
/// row of dots, and in a plain decimal number, which no handset links.
fn is_joint(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| chars.get(i)).copied();
    let opens = before.is_none_or(|c| c.is_whitespace() || "([{<\"'".contains(c));
    let closes = chars.get(at + 1).is_none_or(|c| c.is_whitespace() || ".,;:!?()[]{}<>\"'|".contains(*c));
    !opens && !closes && !is_decimal(chars, at)
}

fn is_decimal(chars: &[char], at: usize) -> bool {
    let digits = |c: &&char| c.is_ascii_digit();
    let whole = chars.iter().take(at).rev().take_while(digits).count();
    let rest = &chars[at + 1..];
    let part = rest.iter().take_while(digits).count();
    let before = (at - whole).checked_sub(1).and_then(|i| chars.get(i));
    let ends = |c: Option<&char>| c.is_none_or(|c| c.is_whitespace() || ",;!?)%".contains(*c));
    let after = rest.get(part);
    let ended = ends(after) || (after == Some(&'.') && rest.get(part + 1).is_none_or(|c| c.is_whitespace()));
    whole > 0 && part > 0 && before.is_none_or(|c| c.is_whitespace() || "($<>=~".contains(*c)) && ended
}

fn last_word(out: &str) -> &str {
    let start = out
        .rfind(|c: char| !c.is_ascii_alphanumeric())
        .map_or(0, |i| i + out[i..].chars().next().map_or(0, char::len_utf8));
    &out[start..]
}

fn is_scheme(word: &str) -> bool {
    SCHEMES.iter().any(|s| s.eq_ignore_ascii_case(word))
}

/// `http` becomes `hxxp`, in the case it was written.
fn spell_scheme(out: &mut String) {
    let word = last_word(out);
    if ["http", "https"].iter().any(|s| s.eq_ignore_ascii_case(word)) {
        let start = out.len() - word.len();
        let spelled = out[start..]
            .replacen("tt", "xx", 1)
            .replacen("TT", "XX", 1)
            .replacen("tT", "xX", 1)
            .replacen("Tt", "Xx", 1);
        out.replace_range(start.., &spelled);
    }
}

#[cfg(test)]
mod tests;
