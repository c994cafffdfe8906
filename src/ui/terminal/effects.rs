//! Where effects are carried out: on the given runtime, beside the loop.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::FutureExt;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::panics;

/// What comes back to the loop.
#[derive(Debug)]
pub enum Reply<M> {
    Message(M),
    Failed(String),
}

/// Sends messages of one effect back to the program: none, one or many.
#[derive(Debug)]
pub struct Replies<M>(mpsc::UnboundedSender<Reply<M>>);

impl<M> Clone for Replies<M> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<M> Replies<M> {
    /// After the program has left, messages go nowhere.
    pub fn send(&self, message: M) {
        let _ = self.0.send(Reply::Message(message));
    }

    fn fail(&self, payload: &(dyn Any + Send)) {
        let _ = self.0.send(Reply::Failed(panics::words_of(payload)));
    }
}

/// Carries effects out.
pub struct Effects<E, M, F> {
    perform: Arc<F>,
    runtime: Handle,
    replies: Replies<M>,
    /// Reads that are still under way are abandoned with it.
    leaving: CancellationToken,
    writes: Option<mpsc::UnboundedSender<E>>,
    waiting: Arc<AtomicUsize>,
    queue: JoinHandle<()>,
}

impl<E, M, F, Fut> Effects<E, M, F>
where
    E: Send + 'static,
    M: Send + 'static,
    F: Fn(E, Replies<M>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    pub fn new(runtime: Handle, perform: F) -> (Self, mpsc::UnboundedReceiver<Reply<M>>) {
        let (send, receive) = mpsc::unbounded_channel();
        let replies = Replies(send);
        let perform = Arc::new(perform);
        let waiting = Arc::new(AtomicUsize::new(0));
        let (writes, todo) = mpsc::unbounded_channel();
        let one_by_one = write_all(
            todo,
            Arc::clone(&perform),
            replies.clone(),
            Arc::clone(&waiting),
        );
        let queue = runtime.spawn(one_by_one);
        let leaving = CancellationToken::new();
        let effects = Self {
            perform,
            runtime,
            replies,
            leaving,
            writes: Some(writes),
            waiting,
            queue,
        };
        (effects, receive)
    }

    pub fn read(&self, effect: E) {
        let task = caught(Arc::clone(&self.perform), effect, self.replies.clone());
        let leaving = self.leaving.clone();
        self.runtime.spawn(async move {
            leaving.run_until_cancelled(task).await;
        });
    }

    pub fn write(&self, effect: E) {
        if let Some(writes) = &self.writes {
            self.waiting.fetch_add(1, Ordering::SeqCst);
            let _ = writes.send(effect);
        }
    }

    /// Writes that are not finished.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Abandons the reads, takes no more writes and waits until those taken are done.
    pub async fn drain(&mut self) {
        self.leaving.cancel();
        self.writes = None;
        let _ = (&mut self.queue).await;
    }
}

async fn write_all<E, M, F, Fut>(
    mut todo: mpsc::UnboundedReceiver<E>,
    perform: Arc<F>,
    replies: Replies<M>,
    waiting: Arc<AtomicUsize>,
) where
    F: Fn(E, Replies<M>) -> Fut,
    Fut: Future<Output = ()>,
{
    while let Some(effect) = todo.recv().await {
        caught(Arc::clone(&perform), effect, replies.clone()).await;
        waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Performs `effect`; its panic becomes a reply.
async fn caught<E, M, F, Fut>(perform: Arc<F>, effect: E, replies: Replies<M>)
where
    F: Fn(E, Replies<M>) -> Fut,
    Fut: Future<Output = ()>,
{
    let told = replies.clone();
    let task = async move { perform(effect, replies).await };
    if let Err(payload) = AssertUnwindSafe(task).catch_unwind().await {
        told.fail(&*payload);
    }
}
