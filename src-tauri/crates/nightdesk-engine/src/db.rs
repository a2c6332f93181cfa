//! The engine's hold on the store: one thread that owns the connection, so that no transaction crosses an await.

use nightdesk_store::{Error, Store, Tx};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot, watch};

type Job = Box<dyn FnOnce(&mut Store) + Send>;

/// A handle to the store's thread. Cheap to clone; the thread ends when the last handle is gone.
#[derive(Clone)]
pub struct Db {
    jobs: mpsc::UnboundedSender<Job>,
    /// What goes ahead of the jobs that wait.
    urgent: Arc<Mutex<VecDeque<Job>>>,
    commits: watch::Sender<u64>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").finish_non_exhaustive()
    }
}

impl Db {
    /// Gives a store to a thread of its own. Joining it returns the store once every handle is dropped.
    pub fn start(mut store: Store) -> Result<(Self, JoinHandle<Store>), Error> {
        let (jobs, mut inbox) = mpsc::unbounded_channel::<Job>();
        let urgent = Arc::<Mutex<VecDeque<Job>>>::default();
        let ahead = urgent.clone();
        let thread = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || {
                while let Some(job) = inbox.blocking_recv() {
                    // Taken whole, so that whatever came next has its turn even while more of these come.
                    let ahead = std::mem::take(&mut *ahead.lock().unwrap_or_else(PoisonError::into_inner));
                    ahead.into_iter().for_each(|job| job(&mut store));
                    job(&mut store);
                }
                store
            })
            .map_err(|e| Error::Io(format!("no thread for the store: {e}")))?;
        Ok((Self { jobs, urgent, commits: watch::channel(0).0 }, thread))
    }

    /// Runs something with the store.
    pub async fn with<T: Send + 'static>(&self, f: impl FnOnce(&mut Store) -> T + Send + 'static) -> Result<T, Error> {
        let (job, answer) = answered(f);
        self.jobs.send(job).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())
    }

    /// [`Self::write`], ahead of all that waits for the store: for somebody outside who waits for the answer and gives up.
    pub async fn write_first<T, E>(&self, f: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, answer) = answered(move |store: &mut Store| store.write(f));
        self.urgent.lock().unwrap_or_else(PoisonError::into_inner).push_back(job);
        // Wakes the thread, which looks for urgent ones before whatever it takes.
        self.jobs.send(Box::new(|_| {})).map_err(|_| E::from(stopped()))?;
        self.counted(answer.await.map_err(|_| E::from(stopped()))?)
    }

    /// Runs a write transaction.
    pub async fn write<T, E>(&self, f: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.counted(self.with(move |store| store.write(f)).await.map_err(E::from)?)
    }

    fn counted<T, E>(&self, done: Result<T, E>) -> Result<T, E> {
        if done.is_ok() {
            self.commits.send_modify(|n| *n += 1);
        }
        done
    }

    /// Counts what was committed through this handle and its clones: a connection isn't told of its own commits.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    /// Runs a read transaction.
    pub async fn read<T, E>(&self, f: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.with(move |store| store.read(f)).await.map_err(E::from)?
    }
}

fn answered<T: Send + 'static>(f: impl FnOnce(&mut Store) -> T + Send + 'static) -> (Job, oneshot::Receiver<T>) {
    let (answer, receive) = oneshot::channel();
    let job: Job = Box::new(move |store| {
        // Nobody may be waiting any more: the work is done all the same.
        let _gone = answer.send(f(store));
    });
    (job, receive)
}

fn stopped() -> Error {
    Error::Io("the store's thread has ended".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightdesk_store::Opening;

    #[tokio::test]
    async fn what_is_urgent_goes_ahead_of_what_waits_and_holds_up_nothing_for_good() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("nightdesk.db"), Opening::Owner).unwrap();
        let (db, _thread) = Db::start(store).unwrap();
        let (go, gate) = std::sync::mpsc::channel::<()>();
        let order = Arc::<Mutex<Vec<&str>>>::default();
        let note = |what: &'static str| {
            let order = order.clone();
            move |_: &Tx<'_>| {
                order.lock().unwrap().push(what);
                Ok::<_, Error>(())
            }
        };
        let held = db.with(move |_| gate.recv().unwrap());
        let usual = db.write(note("usual"));
        let urgent = db.write_first(note("urgent"));
        // Each is handed over when it is first polled, in this order; the gate opens last.
        let opened = async move { go.send(()).unwrap() };
        let (held, usual, urgent, ()) = tokio::join!(biased; held, usual, urgent, opened);
        held.and(usual).and(urgent).unwrap();
        assert_eq!(*order.lock().unwrap(), ["urgent", "usual"]);
        assert_eq!(*db.commits().borrow(), 2);
    }
}
