//! A phone number that can be dialled from anywhere, in a country where people can be reached.

use super::region::{Region, elsewhere, supported};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType};
use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// Why a number can't be used, with what to do about it. A closed set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nothing to read a country from: `00…` and national forms mean different numbers in different places.
    #[error("begin the number with + and the country's code, for example +44 7400 123456")]
    NoPlus,
    /// Letters, an extension, or too few or too many digits for any number.
    #[error(
        "this is not a phone number; enter + and digits only, and an extension in its own field, for example +1 201 555 0123"
    )]
    NotANumber,
    /// The country is supported, but it has no such number.
    #[error("{country} has no such number; check the digits, for example {hint}")]
    Invalid {
        /// The country's name.
        country: &'static str,
        /// A number there.
        hint: &'static str,
    },
    /// A real number where nobody can be reached.
    #[error("{place} is not supported; supported are {}", supported())]
    Elsewhere {
        /// Where the number belongs.
        place: String,
    },
    /// A number that isn't one person's phone, or that costs the caller more.
    #[error("a {kind} number can't be paged; enter the contact's own mobile or landline number")]
    NotAPhone {
        /// `toll-free`, `premium-rate`, `shared-cost`, `voicemail` or `pager`.
        kind: &'static str,
    },
}

/// What a number's own digits say about the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// A mobile phone.
    Mobile,
    /// A landline.
    Fixed,
    /// One or the other: all of +1 but the Caymans, and much of Denmark.
    MobileOrFixed,
    /// Internet telephony and company numbers.
    Other,
}

/// What can be done with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Can {
    /// Texts can be sent to it.
    pub sms: bool,
    /// They can only if it is a mobile, which its digits don't tell: warn, and go by what the carrier says.
    pub sms_uncertain: bool,
    /// It can be called.
    pub call: bool,
    /// A reply to a text comes back.
    pub two_way: bool,
}

/// A valid number of a supported country. As text it is E.164.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number {
    e164: Box<str>,
    region: &'static Region,
    line: Line,
}

impl Number {
    /// Reads a number as people write it: a plus, then digits with blanks, dashes, dots, slashes and brackets.
    ///
    /// # Errors
    /// [`Refused`] says what to change.
    pub fn read(text: &str) -> Result<Self, Refused> {
        let parsed = parse(&written(text)?)?;
        // The library's own region is where the number is valid, which for +44 or +1 need not be the biggest country.
        let Some(found) = PHONE_NUMBER_UTIL.get_region_for_number(&parsed) else { return Err(nowhere(&parsed)) };
        let Some(region) = Region::by_id(&found.to_string()) else {
            return Err(Refused::Elsewhere { place: elsewhere(&found.to_string(), parsed.country_code) });
        };
        if !PHONE_NUMBER_UTIL.is_valid_number_for_region(&parsed, found) {
            return Err(Refused::Invalid { country: region.name, hint: region.hint });
        }
        let line = line(PHONE_NUMBER_UTIL.get_number_type(&parsed))?;
        let e164 = PHONE_NUMBER_UTIL.format(&parsed, PhoneNumberFormat::E164);
        Ok(Self { e164: e164.as_ref().into(), region, line })
    }

    /// As E.164: a plus and up to 15 digits.
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// Its country.
    pub fn region(&self) -> &'static Region {
        self.region
    }

    /// What its digits say about the line.
    pub fn line(&self) -> Line {
        self.line
    }

    /// What can be done with it: what its country allows, and texts only to what may be a mobile.
    pub fn can(&self) -> Can {
        let region = self.region;
        let sms = region.sms && matches!(self.line, Line::Mobile | Line::MobileOrFixed);
        Can {
            sms,
            sms_uncertain: sms && self.line == Line::MobileOrFixed,
            call: region.voice,
            two_way: sms && region.two_way_sms,
        }
    }

    /// For logs and shared screens: the country's code and the last three digits.
    pub fn masked(&self) -> String {
        let code = self.region.prefix.split(' ').next().unwrap_or("+");
        let hidden = self.e164.len().saturating_sub(code.len() + 3);
        format!("{code}{}{}", "*".repeat(hidden), self.e164.get(code.len() + hidden..).unwrap_or_default())
    }
}

/// The plus and the digits, without what people put between them and what comes along when a number is copied.
fn written(text: &str) -> Result<String, Refused> {
    let mut out = String::with_capacity(20);
    let invisible = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    for c in text.nfkc().filter(|c| !invisible(*c)) {
        match c {
            '+' if out.is_empty() => out.push(c),
            '0'..='9' if out.is_empty() => return Err(Refused::NoPlus),
            '0'..='9' if out.len() <= 20 => out.push(c),
            '(' if out.is_empty() => {}
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '.' | '/' | '(' | ')' if !out.is_empty() => {}
            c if c.is_whitespace() => {}
            _ => return Err(Refused::NotANumber),
        }
    }
    if out.len() < 2 { Err(if out.is_empty() { Refused::NoPlus } else { Refused::NotANumber }) } else { Ok(out) }
}

fn parse(digits: &str) -> Result<PhoneNumber, Refused> {
    PHONE_NUMBER_UTIL.parse(digits, None).map_err(|_| Refused::NotANumber)
}

/// Why a number that is valid nowhere is refused: named by the country that the code stands for first of all.
fn nowhere(parsed: &PhoneNumber) -> Refused {
    let main = PHONE_NUMBER_UTIL.get_region_for_country_code(parsed.country_code);
    let id = main.map(|r| r.to_string()).unwrap_or_default();
    match Region::by_id(&id) {
        // +1 is first of all the USA's, but a number that isn't valid says nothing about which of the two it is.
        Some(region) if region.id == "US" => Refused::Invalid { country: "USA or Canada", hint: region.hint },
        Some(region) => Refused::Invalid { country: region.name, hint: region.hint },
        None => Refused::Elsewhere { place: elsewhere(&id, parsed.country_code) },
    }
}

fn line(kind: PhoneNumberType) -> Result<Line, Refused> {
    let not = |kind| Err(Refused::NotAPhone { kind });
    match kind {
        PhoneNumberType::Mobile => Ok(Line::Mobile),
        PhoneNumberType::FixedLine => Ok(Line::Fixed),
        PhoneNumberType::FixedLineOrMobile => Ok(Line::MobileOrFixed),
        PhoneNumberType::VoIP | PhoneNumberType::PersonalNumber | PhoneNumberType::UAN | PhoneNumberType::Unknown => {
            Ok(Line::Other)
        }
        PhoneNumberType::TollFree => not("toll-free"),
        PhoneNumberType::PremiumRate => not("premium-rate"),
        PhoneNumberType::SharedCost => not("shared-cost"),
        PhoneNumberType::Pager => not("pager"),
        PhoneNumberType::VoiceMail => not("voicemail"),
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.e164)
    }
}

impl From<Number> for String {
    fn from(number: Number) -> Self {
        number.e164.into()
    }
}

impl TryFrom<String> for Number {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Refused> {
        Self::read(&text)
    }
}

#[cfg(test)]
mod tests;
