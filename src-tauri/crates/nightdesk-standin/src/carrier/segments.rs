//! How many segments a text takes: the stand-in's own count, so that an error in Nightdesk's isn't repeated here.

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// The number of segments, as the vendor bills them.
pub(crate) fn segments(body: &str) -> usize {
    let septets: Option<Vec<usize>> =
        body.chars().map(|c| if BASIC.contains(c) { Some(1) } else { EXTENDED.contains(c).then_some(2) }).collect();
    match septets {
        Some(units) => packed(&units, 160, 153),
        None => packed(&body.chars().map(char::len_utf16).collect::<Vec<_>>(), 70, 67),
    }
}

/// A character of two units is never parted.
fn packed(units: &[usize], alone: usize, each: usize) -> usize {
    if units.iter().sum::<usize>() <= alone {
        return 1;
    }
    let (mut segments, mut used) = (1, 0);
    for unit in units {
        if used + unit > each {
            segments += 1;
            used = 0;
        }
        used += unit;
    }
    segments
}
