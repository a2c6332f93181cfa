//! The engine's hold on the store: one thread that owns the connection, so that no transaction crosses an await.

use nightdesk_store::{Error, Store, Tx};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot, watch};

type Job = Box<dyn FnOnce(&mut Store) + Send>;

/// A handle to the store's thread. Cheap to clone; the thread ends when the last handle is gone.
#[derive(Clone, Debug)]
pub struct Db {
    jobs: mpsc::UnboundedSender<Job>,
    commits: watch::Sender<u64>,
}

impl Db {
    /// Gives a store to a thread of its own. Joining it returns the store once every handle is dropped.
    pub fn start(mut store: Store) -> Result<(Self, JoinHandle<Store>), Error> {
        let (jobs, mut inbox) = mpsc::unbounded_channel::<Job>();
        let thread = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || {
                while let Some(job) = inbox.blocking_recv() {
                    job(&mut store);
                }
                store
            })
            .map_err(|e| Error::Io(format!("no thread for the store: {e}")))?;
        Ok((Self { jobs, commits: watch::channel(0).0 }, thread))
    }

    /// Runs something with the store.
    pub async fn with<T: Send + 'static>(&self, f: impl FnOnce(&mut Store) -> T + Send + 'static) -> Result<T, Error> {
        let (answer, receive) = oneshot::channel();
        let job: Job = Box::new(move |store| {
            // Nobody may be waiting any more: the work is done all the same.
            let _gone = answer.send(f(store));
        });
        self.jobs.send(job).map_err(|_| stopped())?;
        receive.await.map_err(|_| stopped())
    }

    /// Runs a write transaction.
    pub async fn write<T, E>(&self, f: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let done = self.with(move |store| store.write(f)).await.map_err(E::from)?;
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

fn stopped() -> Error {
    Error::Io("the store's thread has ended".into())
}
