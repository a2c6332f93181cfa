//! The PIN that proves that somebody holds a number: how it is drawn, how often it may be sent, and what an entry
//! comes to. Pure; the engine stores only its keyed hash, and nothing here can be printed by accident (ND-12).

use crate::config::Paging;
use crate::message::{Kind, Template, Values};
use crate::port::{CallOut, TextOut};
use chrono::{DateTime, Duration, Utc};
use subtle::ConstantTimeEq as _;

/// How many digits it has.
pub const DIGITS: usize = 6;

/// How long it counts, in minutes.
pub const VALID_MINUTES: i64 = 10;

/// How many entries each may be met with.
pub const TRIES: u32 = 5;

/// How many may be sent to one number within [`SENDS_MINUTES`].
pub const SENDS: usize = 3;

/// See [`SENDS`].
pub const SENDS_MINUTES: i64 = 10;

/// A keyed hash of a PIN, as [`crate::port::Carrier::seal`] makes it.
pub type Seal = [u8; 32];

/// A PIN. Without `Debug`, `Display` and comparison on purpose.
pub struct Pin([u8; DIGITS]);

impl Pin {
    /// Draws one. `random` comes from the operating system; so many bytes that every PIN is as likely as any other, but
    /// for less than one part in 2^100.
    pub fn draw(random: [u8; 16]) -> Self {
        let mut rest = u128::from_le_bytes(random);
        Self(std::array::from_fn(|_| {
            let digit = (rest % 10) as u8;
            rest /= 10;
            b'0' + digit
        }))
    }

    /// What somebody typed: six digits, with blanks or hyphens among them. `None` for anything else.
    pub fn read(typed: &str) -> Option<Self> {
        let digits: Vec<u8> = typed.bytes().filter(|b| !matches!(b, b' ' | b'-' | b'\t')).collect();
        let digits: [u8; DIGITS] = digits.try_into().ok()?;
        digits.iter().all(u8::is_ascii_digit).then_some(Self(digits))
    }

    /// What is sealed: the number stands in it, so that a PIN for one number is worth nothing for another.
    pub fn to_seal(&self, phone: &str) -> String {
        format!("pin:{phone}:{}", self.written())
    }

    /// The text that brings it, in the wording that `[paging.templates]` has for it.
    pub fn text(&self, paging: &Paging, contact: &str) -> TextOut {
        let body = self.rendered(Kind::PinText, paging, contact);
        // Told apart from the first by its beginning, where the carrier is asked which of them it has.
        TextOut { repeat: format!("Again: {body}"), body, valid_for: (VALID_MINUTES * 60) as u32 }
    }

    /// The call that brings it: figure by figure, twice. A voicemail isn't told, since it may have more than one listener.
    pub fn call(&self, paging: &Paging, contact: &str, extension: Option<&str>) -> CallOut {
        CallOut {
            spoken: self.rendered(Kind::PinCall, paging, contact),
            voicemail: "This is Nightdesk. A PIN is told only to a person. Please ask the desk for a new one.".into(),
            keys: false,
            extension: extension.map(str::to_owned),
        }
    }

    fn rendered(&self, kind: Kind, paging: &Paging, contact: &str) -> String {
        let changed = paging.templates.get(kind.name()).and_then(|text| Template::parse(kind, text).ok());
        let values = Values { pin: self.written(), contact: contact.to_owned(), ..Values::default() };
        changed.unwrap_or_else(|| Template::shipped(kind)).render(&values).text
    }

    fn written(&self) -> String {
        self.0.map(char::from).iter().collect()
    }
}

/// A PIN under way, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Its keyed hash.
    pub seal: Seal,
    /// When it was drawn.
    pub made_at: DateTime<Utc>,
    /// When it ceases to count.
    pub expires_at: DateTime<Utc>,
    /// The wrong entries so far.
    pub tries: u32,
}

impl Sealed {
    /// A new one.
    pub fn new(seal: Seal, now: DateTime<Utc>) -> Self {
        Self { seal, made_at: now, expires_at: now + Duration::minutes(VALID_MINUTES), tries: 0 }
    }

    /// Whether its time is over. A clock that was set back must not let it live for longer than it should.
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        now >= self.expires_at || now < self.made_at - Duration::minutes(VALID_MINUTES)
    }

    /// How many entries it may still be met with.
    pub fn left(&self) -> u32 {
        TRIES.saturating_sub(self.tries)
    }
}

/// What an entry comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// It is the PIN: the number is verified, and the PIN is used up.
    Verified,
    /// It isn't. The try is to be counted.
    Wrong {
        /// How many tries are left, at least one.
        left: u32,
    },
    /// There have been too many tries, with this one or before it: only a new PIN helps.
    Spent,
    /// The PIN's time is over.
    Expired,
    /// No PIN was sent to the number.
    NoPin,
}

/// Compares an entry's seal with what is stored. The comparison takes the same time whatever the entry, and neither a
/// spent nor an expired PIN is compared at all.
pub fn judge(stored: Option<&Sealed>, entered: &Seal, now: DateTime<Utc>) -> Entry {
    let Some(stored) = stored else { return Entry::NoPin };
    if stored.is_expired(now) {
        return Entry::Expired;
    }
    if stored.left() == 0 {
        return Entry::Spent;
    }
    match (bool::from(stored.seal.ct_eq(entered)), stored.left() - 1) {
        (true, _) => Entry::Verified,
        (false, 0) => Entry::Spent,
        (false, left) => Entry::Wrong { left },
    }
}

/// Whether another PIN may be sent to a number that was sent some at these times.
///
/// # Errors
/// When it may: each one costs the MSP money, and somebody else's phone could be rung with it.
pub fn may_send(sent: &[DateTime<Utc>], now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
    let window = Duration::minutes(SENDS_MINUTES);
    // What a clock that was set back puts in the future counts from now on.
    let mut recent: Vec<_> = sent.iter().map(|at| (*at).min(now)).filter(|at| *at + window > now).collect();
    recent.sort_unstable();
    match recent.len().checked_sub(SENDS) {
        None => Ok(()),
        Some(first) => Err(recent.get(first).map_or(now, |at| *at + window)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn t(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn seal(pin: &Pin) -> Seal {
        let mut out = [0; 32];
        out[..DIGITS].copy_from_slice(&pin.0);
        out
    }

    #[test]
    fn the_text_is_one_segment_and_the_call_spells_it_twice_to_people_only() {
        let (pin, mut paging) = (Pin::read("012 345").unwrap(), Paging::default());
        let text = pin.text(&paging, "Dana");
        assert_eq!(text.body.matches("012345").count(), 1, "{}", text.body);
        assert!(text.body.is_ascii() && text.repeat.len() <= 160 && text.valid_for == 600);
        assert!(text.repeat != text.body && text.repeat.contains("012345"));
        let call = pin.call(&paging, "Dana", Some("2"));
        assert_eq!(call.spoken.matches("0, 1, 2, 3, 4, 5").count(), 2, "{}", call.spoken);
        assert!(!call.voicemail.contains('0') && !call.keys && call.extension.as_deref() == Some("2"));
        paging.templates.insert("pin_text".into(), "{contact}, enter {pin} at the desk".into());
        assert_eq!(pin.text(&paging, "Dana").body, "Dana, enter 012345 at the desk");
        paging.templates.insert("pin_text".into(), "no PIN in it".into());
        assert_eq!(pin.text(&paging, "Dana").body, text.body, "a wording that can't serve is not sent");
    }

    #[test]
    fn what_is_typed_may_be_spaced_and_nothing_else() {
        for typed in ["123456", " 123 456 ", "123-456"] {
            assert_eq!(Pin::read(typed).unwrap().written(), "123456");
        }
        for typed in ["", "12345", "1234567", "12345a", "१२३४५६", "+12345", "12.3456"] {
            assert!(Pin::read(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn five_wrong_entries_spend_it_even_for_the_right_one() {
        let (right, wrong) = (Pin::read("111111").unwrap(), Pin::read("111112").unwrap());
        let mut stored = Sealed::new(seal(&right), t(0));
        for left in (1..TRIES).rev() {
            assert_eq!(judge(Some(&stored), &seal(&wrong), t(1)), Entry::Wrong { left });
            stored.tries += 1;
        }
        assert_eq!(judge(Some(&stored), &seal(&right), t(1)), Entry::Verified, "the last try counts");
        assert_eq!(judge(Some(&stored), &seal(&wrong), t(1)), Entry::Spent);
        stored.tries += 1;
        assert_eq!(judge(Some(&stored), &seal(&right), t(1)), Entry::Spent);
        assert_eq!(judge(None, &seal(&right), t(1)), Entry::NoPin);
    }

    #[test]
    fn it_lives_for_ten_minutes_whatever_the_clock_does() {
        let right = seal(&Pin::read("111111").unwrap());
        let stored = Sealed::new(right, t(0));
        assert_eq!(judge(Some(&stored), &right, t(599)), Entry::Verified);
        assert_eq!(judge(Some(&stored), &right, t(600)), Entry::Expired);
        assert_eq!(judge(Some(&stored), &right, t(-5)), Entry::Verified, "a clock corrected by seconds");
        assert_eq!(judge(Some(&stored), &right, t(-601)), Entry::Expired, "a clock set back for more time");
    }

    #[test]
    fn the_fourth_in_ten_minutes_waits_for_the_first_to_be_ten_minutes_old() {
        let sent = [t(0), t(60), t(120)];
        assert_eq!(may_send(&sent[..2], t(121)), Ok(()));
        assert_eq!(may_send(&sent, t(121)), Err(t(600)));
        assert_eq!(may_send(&sent, t(600)), Ok(()));
        assert_eq!(may_send(&[t(9000); 3], t(0)), Err(t(600)), "a clock that was set back holds nobody up for hours");
    }

    proptest! {
        #[test]
        fn any_randomness_gives_six_digits_that_read_back(random: [u8; 16]) {
            let pin = Pin::draw(random);
            prop_assert!(pin.0.iter().all(u8::is_ascii_digit));
            prop_assert_eq!(Pin::read(&pin.written()).unwrap().0, pin.0);
        }

        #[test]
        fn every_place_of_the_number_matters(random: [u8; 16], place in 0..DIGITS) {
            let mut other = Pin::draw(random);
            let stored = Sealed::new(seal(&Pin::draw(random)), t(0));
            other.0[place] = if other.0[place] == b'9' { b'0' } else { other.0[place] + 1 };
            prop_assert_eq!(judge(Some(&stored), &seal(&other), t(1)), Entry::Wrong { left: TRIES - 1 });
            prop_assert_eq!(judge(Some(&stored), &stored.seal, t(1)), Entry::Verified);
        }

        #[test]
        fn never_more_than_three_in_any_ten_minutes(asks in proptest::collection::vec(0..3600i64, 1..40)) {
            let mut asks = asks;
            asks.sort_unstable();
            let mut sent: Vec<DateTime<Utc>> = Vec::new();
            for at in asks.into_iter().map(t) {
                match may_send(&sent, at) {
                    Ok(()) => sent.push(at),
                    Err(when) => {
                        prop_assert!(when > at && when <= at + Duration::minutes(SENDS_MINUTES));
                        prop_assert_eq!(may_send(&sent, when), Ok(()));
                    }
                }
            }
            for (n, at) in sent.iter().enumerate() {
                let within = sent[n..].iter().filter(|s| **s < *at + Duration::minutes(SENDS_MINUTES)).count();
                prop_assert!(within <= SENDS);
            }
        }

        #[test]
        fn only_the_right_entry_in_time_verifies(tries in 0..9u32, at in -1200..1200i64, same: bool) {
            let right = Pin::draw([7; 16]);
            let stored = Sealed { tries, ..Sealed::new(seal(&right), t(0)) };
            let entered = if same { seal(&right) } else { [9; 32] };
            let verdict = judge(Some(&stored), &entered, t(at));
            prop_assert_eq!(verdict == Entry::Verified, same && tries < TRIES && (-600..600).contains(&at));
        }
    }
}
