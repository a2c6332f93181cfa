//! The built-in desk: tickets live in the store, so only its catalogue is asked for here.

use nightdesk_core::catalogue::Listed;
use nightdesk_core::config::Local;
use nightdesk_core::port::{PortFuture, Psa, PsaError};
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

impl Psa for LocalPsa {
    fn catalogue(&self) -> PortFuture<'_, Result<Vec<Listed>, PsaError>> {
        let listed = Listed::of_local(&self.local.read().unwrap_or_else(PoisonError::into_inner));
        Box::pin(std::future::ready(Ok(listed)))
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
