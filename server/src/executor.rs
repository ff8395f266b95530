//! What runs the tasks that a page starts while it is rendered.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use tracing::Instrument as _;

/// Tokio, as leptos itself would take it; but what a request starts stays in the request's span, so that a failure in it is
/// logged with the id of the request.
struct InSpan;

impl CustomExecutor for InSpan {
    fn spawn(&self, task: PinnedFuture<()>) {
        tokio::spawn(task.in_current_span());
    }

    fn spawn_local(&self, task: PinnedLocalFuture<()>) {
        tokio::task::spawn_local(task.in_current_span());
    }

    /// Tokio polls by itself.
    fn poll_local(&self) {}
}

/// Before leptos sets up its own; it keeps the first that is set.
pub fn start() {
    // Set already is set, too.
    let _ = Executor::init_custom_executor(InSpan);
}
