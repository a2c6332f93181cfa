//! How long, how much and how often: the policy of a [`Client`](crate::Client).

use std::time::Duration;

use backon::ExponentialBuilder;

/// What a client may spend on one request. Tests set the delays to zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For name resolution, TCP and the TLS handshake of one attempt.
    pub connect_timeout: Duration,
    /// For one attempt as a whole, from the look-up of the name to the last byte of the body. Waiting for the pacer and
    /// between attempts comes on top.
    pub total_timeout: Duration,
    /// Largest body accepted, in bytes; one byte more is [`Error::TooLarge`](crate::Error::TooLarge).
    pub max_body: usize,
    /// A larger body is read so far and cut, rather than an error: for answers whose status is what counts.
    pub cut_body: bool,
    /// Delayed repetitions of a GET after a 500, 502, 503, 504, a timeout or a lost connection. The one immediate
    /// repetition that covers a stale pooled connection is not counted here.
    pub retries: u32,
    /// First delay; it doubles per retry and is jittered up to twice its length.
    pub base_delay: Duration,
    /// Upper bound of a delay, jitter included. A `Retry-After` may exceed it, up to `retry_after_cap`.
    pub max_delay: Duration,
    /// Longest `Retry-After` that is believed; a longer one is cut to this.
    pub retry_after_cap: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(30),
            max_body: 32 * 1024 * 1024,
            cut_body: false,
            retries: 2,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(5),
            retry_after_cap: Duration::from_secs(120),
        }
    }
}

impl Limits {
    /// The delays between attempts; `repeatable` is false for what may be sent only once.
    pub(crate) fn backoff(&self, repeatable: bool) -> ExponentialBuilder {
        // backon adds up to one whole delay of jitter on top of its maximum: half the cap keeps the sum below the cap.
        let ceiling = self.max_delay / 2;
        let times = if repeatable { self.retries } else { 0 };
        ExponentialBuilder::new()
            .with_min_delay(self.base_delay.min(ceiling))
            .with_max_delay(ceiling)
            .with_max_times(usize::try_from(times).unwrap_or(usize::MAX))
            .with_jitter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backon::BackoffBuilder;

    #[test]
    fn delays_are_jittered_grow_and_stay_below_the_cap() {
        let limits = Limits { retries: 12, ..Limits::default() };
        for _ in 0..50 {
            let delays: Vec<Duration> = limits.backoff(true).build().collect();
            assert_eq!(delays.len(), 12);
            assert!(delays[0] >= limits.base_delay && delays[0] <= limits.base_delay * 2);
            assert!(delays.iter().all(|delay| *delay <= limits.max_delay));
            assert!(delays[11] >= limits.max_delay / 2);
        }
    }

    #[test]
    fn what_must_not_be_repeated_has_no_delays() {
        assert_eq!(Limits::default().backoff(false).build().count(), 0);
    }
}
