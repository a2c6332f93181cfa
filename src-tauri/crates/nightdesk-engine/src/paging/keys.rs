//! What asks for keys in calls: the flow at the carrier, which is seen to now and then.

use super::carrier;
use super::follower::{Follower, PATIENCE, Question};
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_store::{Error, Setting, Topic};
use tokio::task::JoinSet;

/// How often it is seen to that calls can ask for keys.
const KEYS_EVERY: Duration = Duration::hours(1);

/// What asks for keys in calls, seen to at the start, after a change of the configuration, and now and then: without it
/// a call can only speak. It is also how the desk learns that the carrier takes its secret at all.
#[derive(Default)]
pub(super) struct Keys {
    revisions: Option<(i64, i64)>,
    asked: Option<DateTime<Utc>>,
    due: Option<DateTime<Utc>>,
}

impl Keys {
    /// Sees to it where that is due; answers when it is again.
    pub(super) async fn go_on(
        &mut self,
        follower: &Follower,
        now: DateTime<Utc>,
        questions: &mut JoinSet<Question>,
    ) -> Option<DateTime<Utc>> {
        // A configuration that hasn't changed isn't read again: this is asked at every beat.
        let before = self.revisions;
        let read = follower.db.read(move |tx| {
            let revisions = (tx.revision(Topic::Configuration)?, tx.revision(Topic::Secrets)?);
            let known = tx.setting(Setting::PagingKeys)?;
            let is_new = before != Some(revisions);
            let is_set_up = if is_new { Some(Context::load(tx)?.config.paging.is_set_up()) } else { None };
            let again = (carrier::trouble(tx)?.is_some(), tx.mark(Setting::PagingDoubtedAt)?);
            Ok::<_, Error>((revisions, is_set_up, known, again))
        });
        let Ok((revisions, is_set_up, known, (is_refused, doubted))) = read.await else { return self.due };
        if let Some(is_set_up) = is_set_up {
            (self.revisions, self.due) = (Some(revisions), is_set_up.then_some(now));
        }
        if let Some((asked, due)) = self.asked.zip(self.due) {
            let refused = is_refused.then_some(asked + carrier::REFUSED_EVERY);
            let doubted = doubted.filter(|at| *at >= asked).map(|_| asked + carrier::DOUBTED_EVERY);
            self.due = refused.into_iter().chain(doubted).chain([due]).min();
        }
        if self.due.is_some_and(|due| due <= now) {
            (self.asked, self.due) = (Some(now), Some(now + KEYS_EVERY));
            let (db, carrier) = (follower.db.clone(), follower.carrier.clone());
            questions.spawn(async move {
                let asked = tokio::time::timeout(PATIENCE, carrier.keys(known.as_deref())).await;
                if let Ok(answer) = &asked {
                    let answer = answer.clone();
                    if let Err(error) = db.write(move |tx| carrier::keep(tx, &answer)).await {
                        tracing::warn!(%error, "what the carrier thinks of the account could not be kept");
                    }
                }
                match asked {
                    Ok(Ok(keys)) if keys != known => {
                        if let Err(error) = db.write(move |tx| tx.set(Setting::PagingKeys, keys.as_deref())).await {
                            tracing::warn!(%error, "the carrier's id of what asks for keys could not be kept");
                        }
                    }
                    Ok(Ok(_)) => {}
                    Ok(Err(error)) => tracing::warn!(%error, "whether calls can ask for keys isn't known"),
                    Err(_) => tracing::warn!("the carrier did not say in time whether calls can ask for keys"),
                }
                Question::Keys
            });
        }
        self.due
    }
}
