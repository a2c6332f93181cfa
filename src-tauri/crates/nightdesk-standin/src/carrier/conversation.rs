//! What is said on an answered call and what is pressed, on its own time line.

use chrono::{DateTime, TimeDelta, Utc};

use super::hand::{Hand, Key};

/// A voice reads about so many characters a second.
const CHARACTERS_A_SECOND: i64 = 15;

/// Who or what picked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answerer {
    /// Nobody did.
    Nobody,
    /// A person.
    Person,
    /// A voicemail box.
    Machine,
    /// A phone menu that led nowhere.
    Menu,
}

/// Words that the carrier said on a call, as far as they got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// When they began.
    pub at: DateTime<Utc>,
    /// When they ended or were cut off.
    pub until: DateTime<Utc>,
    /// What could be heard of them.
    pub words: String,
}

impl Spoken {
    /// As far as they had got at a moment.
    pub(crate) fn up_to(&self, now: DateTime<Utc>) -> Self {
        let until = self.until.min(now);
        Self { at: self.at, until, words: part(&self.words, until - self.at) }
    }
}

fn part(words: &str, time: TimeDelta) -> String {
    if duration(words) <= time {
        return words.to_owned();
    }
    let characters = time.num_milliseconds().max(0) * CHARACTERS_A_SECOND / 1_000;
    words.chars().take(usize::try_from(characters).unwrap_or(0)).collect()
}

fn duration(words: &str) -> TimeDelta {
    let characters = i64::try_from(words.chars().count()).unwrap_or(i64::MAX / 1_000_000);
    // Rounded up, so that whole words are never counted as cut off.
    TimeDelta::milliseconds((characters * 1_000 + CHARACTERS_A_SECOND - 1) / CHARACTERS_A_SECOND)
}

/// A piece of speech.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Utterance {
    Words(String),
    Silence(TimeDelta),
}

impl Utterance {
    fn takes(&self) -> TimeDelta {
        match self {
            Self::Words(words) => duration(words),
            Self::Silence(time) => *time,
        }
    }
}

/// How keys are collected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    /// So many keys end it; without a number the finishing key or the silence after the last one does.
    pub(crate) count: Option<usize>,
    /// Silence that ends it, after the speech or the last key.
    pub(crate) patience: TimeDelta,
    pub(crate) finish: Option<char>,
}

/// How a question ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reaction {
    Keys(String),
    Silence,
    /// The call ended first.
    Gone,
}

/// A call between answer and end.
pub(crate) struct Conversation {
    now: DateTime<Utc>,
    end: DateTime<Utc>,
    /// When the person came to the phone: with an extension behind a menu that is later than the answer.
    joined: DateTime<Utc>,
    hand: Hand,
    spoken: Vec<Spoken>,
    keys: Vec<Key>,
}

impl Conversation {
    pub(crate) fn new(from: DateTime<Utc>, end: DateTime<Utc>, joined: DateTime<Utc>, hand: Hand) -> Self {
        Self { now: from.min(end), end, joined, hand, spoken: Vec::new(), keys: Vec::new() }
    }

    /// How far it has got.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Whether the other side, or a hang-up, has ended it.
    pub(crate) fn is_over(&self) -> bool {
        self.now >= self.end
    }

    pub(crate) fn say(&mut self, utterances: &[Utterance]) {
        let stop = self.end;
        self.now = self.tell(utterances, stop);
    }

    /// Speaks from now on, until a moment at most; returns when it fell silent.
    fn tell(&mut self, utterances: &[Utterance], stop: DateTime<Utc>) -> DateTime<Utc> {
        let mut at = self.now;
        for utterance in utterances {
            if at >= stop {
                break;
            }
            let until = (at + utterance.takes()).min(stop);
            if let Utterance::Words(words) = utterance {
                self.spoken.push(Spoken { at, until, words: part(words, until - at) });
            }
            at = until;
        }
        at
    }

    /// Asks, and collects keys; the first key stops the voice.
    pub(crate) fn ask(&mut self, prompt: &[Utterance], question: Question) -> Reaction {
        let start = self.now;
        let speech: TimeDelta = prompt.iter().map(Utterance::takes).sum();
        let mut deadline = start + speech + question.patience;
        let lost = self.hand.asked(start.max(self.joined));
        self.keys.extend(lost);
        let (mut digits, mut last, mut complete) = (String::new(), None, false);
        while !complete {
            let limit = deadline.min(self.end);
            let Some((at, key)) = self.hand.next(last.unwrap_or(start), |at| at < limit) else { break };
            self.keys.push(Key { at, key, taken: true });
            if last.is_none() {
                self.tell(prompt, at);
            }
            last = Some(at);
            deadline = at + question.patience;
            if question.finish == Some(key) {
                complete = true;
            } else {
                digits.push(key);
                complete = question.count == Some(digits.len());
            }
        }
        if last.is_none() {
            self.tell(prompt, self.end);
        }
        self.now = match last {
            Some(at) if complete => at,
            _ => deadline.min(self.end),
        };
        if self.is_over() {
            Reaction::Gone
        } else if digits.is_empty() {
            Reaction::Silence
        } else {
            Reaction::Keys(digits)
        }
    }

    /// What was said that anybody could hear, and the keys.
    pub(crate) fn into_parts(self) -> (Vec<Spoken>, Vec<Key>) {
        let joined = self.joined;
        (self.spoken.into_iter().filter(|spoken| spoken.until > joined).collect(), self.keys)
    }
}
