//! Twilio's error codes, what follows from each, and what to do about it. Data: a code is added here and nowhere else.
//!
//! Classes and causes are Twilio's error reference (twilio.com/docs/api/errors) as far as a comment doesn't say otherwise.

use nightdesk_core::port::Obstacle;

/// What may be done with the request that earned it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// It had no effect and may work later.
    Temporary,
    /// It will never work, for this contact or this text.
    Permanent,
    /// Somebody must set something right at the carrier or here.
    NeedsHuman,
}

/// A code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Code {
    /// Twilio's number.
    pub number: u32,
    /// Of a request that was answered with it.
    pub class: Class,
    /// Of a text or call that came to nothing with it.
    pub obstacle: Obstacle,
    /// What is wrong and what to do next.
    pub advice: &'static str,
}

impl Code {
    /// The code as errors tell it.
    pub fn sentence(&self) -> String {
        format!("{} (Twilio error {})", self.advice, self.number)
    }
}

/// The entry of a code.
pub(super) fn known(number: u32) -> Option<&'static Code> {
    CODES.binary_search_by_key(&number, |code| code.number).ok().and_then(|at| CODES.get(at))
}

/// Whether a text that was taken and came to nothing with this code is worth sending once more: the handset was out of reach
/// for the moment (30003), or the network gave no reason (30008).
pub(super) fn is_worth_another(number: u32) -> bool {
    matches!(number, 30003 | 30008)
}

/// What is said of a code that isn't in the table.
pub(super) fn unlisted(number: u32) -> String {
    format!(
        "the carrier gave a reason that Nightdesk doesn't know (Twilio error {number}): look it up at twilio.com/docs/api/errors/{number}"
    )
}

macro_rules! codes {
    ($($number:literal $class:ident $obstacle:ident $advice:literal;)+) => {
        /// In the order of their numbers.
        pub(super) const CODES: &[Code] = &[$(Code {
            number: $number, class: Class::$class, obstacle: Obstacle::$obstacle, advice: $advice,
        }),+];
    };
}

codes! {
    13223 Permanent BadNumber "this number can't be dialled: correct the contact's number";
    13224 Permanent BadNumber "this number can't be dialled: correct the contact's number";
    13225 Permanent BadNumber "the carrier refuses to call this number: give the contact another one";
    13227 NeedsHuman Configuration "calls to this country are not allowed: in the Twilio console allow it under Voice, Geo permissions";
    14107 Temporary Passing "too many texts at once: Nightdesk sends it again by itself";
    20003 NeedsHuman Configuration "Twilio refuses the account or its secret, or the account is suspended: check both on the front page of the Twilio console, then `nightdesk secret set TWILIO_AUTH_TOKEN`";
    20005 NeedsHuman Configuration "the Twilio account is not active: see the front page of the Twilio console";
    20006 NeedsHuman Configuration "Twilio refuses this account access: check paging.account_sid, and what the API key may do in the Twilio console";
    20008 NeedsHuman Configuration "these are test credentials, which can't do this: enter the live ones with `nightdesk secret set TWILIO_AUTH_TOKEN`";
    20403 NeedsHuman Configuration "Twilio forbids it to this account: check in the Twilio console what the account and its API key may do";
    20404 NeedsHuman Configuration "Twilio has no such account or resource: check paging.account_sid and the base addresses under paging";
    20409 Temporary Passing "Twilio is still busy with an earlier request for the same: Nightdesk tries again by itself";
    20429 Temporary Passing "too many requests at once from this account: Nightdesk tries again by itself";
    20500 Temporary Passing "Twilio has a fault of its own: Nightdesk tries again by itself; see status.twilio.com";
    20503 Temporary Passing "Twilio is out of service for the moment: Nightdesk tries again by itself; see status.twilio.com";
    21210 NeedsHuman Configuration "our number may not place calls: set paging.from to a number of this Twilio account";
    21211 Permanent BadNumber "there is no such number: correct the contact's number";
    21212 NeedsHuman Configuration "our own number is not valid: set paging.from to a number of this Twilio account";
    21214 Permanent BadNumber "this number can't be reached: correct the contact's number";
    21215 NeedsHuman Configuration "calls to this country are not allowed: in the Twilio console allow it under Voice, Geo permissions";
    21216 Permanent BadNumber "the carrier refuses to call this number: give the contact another one";
    21217 Permanent BadNumber "there is no such number: correct the contact's number";
    21219 NeedsHuman Configuration "a trial account only reaches numbers verified at Twilio: upgrade the account, or verify the number in the Twilio console";
    21220 Permanent Unknown "the call is over already";
    21408 NeedsHuman Configuration "texts to this country are not allowed: in the Twilio console allow it under Messaging, Geo permissions";
    21602 Permanent Configuration "the text is empty: check the templates under paging.templates";
    21606 NeedsHuman Configuration "our number can't send texts: set paging.from to a number of this Twilio account that can";
    21608 NeedsHuman Configuration "a trial account only reaches numbers verified at Twilio: upgrade the account, or verify the number in the Twilio console";
    21610 Permanent OptedOut "the owner of this number has sent STOP: they must send START to our number; until then only calls reach them";
    21611 Temporary Passing "too many texts wait at Twilio for our number: Nightdesk tries again by itself";
    21612 Permanent NoTexts "no text gets from our number to this one: use calls for this contact, or another paging.from";
    21614 Permanent NoTexts "this is no mobile number: use calls for this contact";
    21617 Permanent Configuration "the text is longer than 1,600 characters: shorten the templates under paging.templates";
    21659 NeedsHuman Configuration "our number is not one of this Twilio account: set paging.from to one that is";
    30001 Temporary Passing "too many texts wait at Twilio: Nightdesk tries again by itself";
    30002 NeedsHuman Configuration "the Twilio account is suspended: see the front page of the Twilio console";
    30003 Temporary Passing "the handset is off or out of reach: a call may get through later";
    30004 Permanent NoTexts "the recipient or their network blocks our texts: use calls for this contact";
    30005 Permanent BadNumber "the network doesn't know this handset: check the contact's number; a call is worth a try";
    30006 Permanent NoTexts "this is a landline, or its network takes no texts: use calls for this contact";
    30007 Permanent Wording "the network took the text for spam: change the wording under paging.templates, and use calls meanwhile";
    30008 Temporary Unknown "the network gave no reason: use calls for this contact if it happens again";
    30022 Temporary Passing "more texts than the network takes from our number: Nightdesk tries again by itself";
    30032 NeedsHuman Configuration "our toll-free number is not verified: verify it in the Twilio console under Messaging, Regulatory compliance";
    30034 NeedsHuman Configuration "our number is not registered for texts in the United States (A2P 10DLC): register it in the Twilio console under Messaging, Regulatory compliance";
    30036 Temporary Passing "the text was not delivered while it was still of use: a call may get through";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_can_be_found_and_says_what_to_do() {
        for pair in CODES.windows(2) {
            assert!(pair[0].number < pair[1].number, "{} is out of order", pair[1].number);
        }
        for code in CODES {
            assert_eq!(known(code.number).map(|found| found.number), Some(code.number));
            let sentence = code.sentence();
            assert!(sentence.contains(&code.number.to_string()), "{sentence}");
            assert!(code.number == 21220 || sentence.contains(": "), "{sentence} doesn't say what next");
        }
        assert!(known(1).is_none() && unlisted(1).contains("errors/1"));
    }

    #[test]
    fn only_what_may_pass_and_is_not_too_late_is_worth_another_text() {
        let worth: Vec<u32> = CODES.iter().map(|code| code.number).filter(|n| is_worth_another(*n)).collect();
        assert_eq!(worth, [30003, 30008]);
    }

    #[test]
    fn a_permission_is_always_a_setting_and_a_setting_never_a_contact() {
        for code in CODES {
            assert!(code.class != Class::NeedsHuman || code.obstacle == Obstacle::Configuration, "{}", code.number);
            assert!(code.class != Class::Temporary || matches!(code.obstacle, Obstacle::Passing | Obstacle::Unknown));
        }
    }
}
