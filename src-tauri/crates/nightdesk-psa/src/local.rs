//! The built-in desk: tickets live in the store, so only its catalogue is asked for here.

use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::Listed;
use nightdesk_core::config::Local;
use nightdesk_core::port::{Access, Changes, PortFuture, Psa, PsaError};
use nightdesk_core::psa::Seen;
use std::future::ready;
use std::sync::{Arc, PoisonError, RwLock};

/// The connector of the built-in desk. Clones share the configuration, which may change while the engine runs.
#[derive(Debug, Clone, Default)]
pub struct LocalPsa {
    local: Arc<RwLock<Local>>,
}

impl LocalPsa {
    /// A desk with this catalogue.
    pub fn new(local: Local) -> Self {
        Self { local: Arc::new(RwLock::new(local)) }
    }

    /// Puts another catalogue in force.
    pub fn configure(&self, local: Local) {
        // A catalogue is replaced whole, so even one behind a poisoned lock is whole.
        *self.local.write().unwrap_or_else(PoisonError::into_inner) = local;
    }
}

/// Tickets of the built-in desk are the store's own: there is nothing elsewhere to be asked about them.
impl Psa for LocalPsa {
    fn holds_tickets(&self) -> bool {
        false
    }

    fn catalogue(&self) -> PortFuture<'_, Result<Vec<Listed>, PsaError>> {
        let listed = Listed::of_local(&self.local.read().unwrap_or_else(PoisonError::into_inner));
        Box::pin(ready(Ok(listed)))
    }

    fn access(&self) -> PortFuture<'_, Result<Access, PsaError>> {
        Box::pin(ready(Ok(Access::default())))
    }

    fn changes(&self, _since: DateTime<Utc>, _page: u32) -> PortFuture<'_, Result<Changes, PsaError>> {
        Box::pin(ready(Ok(Changes::default())))
    }

    fn open_tickets(&self, _page: u32) -> PortFuture<'_, Result<(Vec<String>, bool), PsaError>> {
        Box::pin(ready(Ok((Vec::new(), false))))
    }

    fn ticket<'a>(&'a self, _id: &'a str) -> PortFuture<'a, Result<Option<Seen>, PsaError>> {
        Box::pin(ready(Ok(None)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightdesk_core::catalogue::Kind;
    use std::task::{Context, Poll, Waker};

    fn clients(psa: &LocalPsa) -> Vec<String> {
        let Poll::Ready(Ok(listed)) = psa.catalogue().as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("the built-in desk never waits and never fails");
        };
        listed.into_iter().filter(|l| l.kind == Kind::Client).map(|l| l.name).collect()
    }

    #[test]
    fn a_changed_configuration_shows_through_every_clone() {
        let psa = LocalPsa::default();
        let engines = psa.clone();
        assert_eq!(clients(&engines), ["Security Triage"]);
        psa.configure(Local { clients: vec!["Acme".into(), "Globex".into()], ..Local::default() });
        assert_eq!(clients(&engines), ["Acme", "Globex"]);
    }
}
