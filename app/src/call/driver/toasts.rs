use std::{cell::Cell, rc::Rc};

use futures::channel::mpsc::UnboundedSender;
use leptos::prelude::*;

use super::{Input, later};
use crate::call::state::Call;

/// How long a toast stays: long enough to read two sentences.
const TOAST_MS: u32 = 7_000;

/// Sentences that are shown for a while, and told to screen readers.
#[derive(Clone)]
pub struct Toasts {
    call: Call,
    inbox: UnboundedSender<Input>,
    /// The number of the newest one.
    newest: Rc<Cell<u32>>,
}

impl Toasts {
    pub fn new(call: Call, inbox: UnboundedSender<Input>) -> Self {
        Self {
            call,
            inbox,
            newest: Rc::default(),
        }
    }

    pub fn show(&self, sentence: &str) {
        let toast = self.newest.get() + 1;
        self.newest.set(toast);
        self.call.notices.toast.set(Some(sentence.to_owned()));
        self.call.announce(sentence);
        later(&self.inbox, TOAST_MS, Input::ToastOver(toast));
    }

    /// The time of this toast is over: it goes, unless a newer one has taken its place.
    pub fn over(&self, toast: u32) {
        if toast == self.newest.get() {
            self.call.notices.toast.set(None);
        }
    }
}
