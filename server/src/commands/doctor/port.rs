use std::io::ErrorKind;
use std::net::SocketAddr;

use super::finding::Finding;

/// A port that can't be listened on. `setting` is the one that names it.
pub fn refused(what: &'static str, port: &str, listen: SocketAddr, kind: ErrorKind, setting: &str) -> Finding {
    match kind {
        ErrorKind::AddrInUse => Finding::bad(
            what,
            format!("{port} is taken by another program. Stop that, or choose another port with `{setting}`."),
        ),
        ErrorKind::AddrNotAvailable => Finding::bad(
            what,
            format!(
                "{port} is at no address of this machine. Set `{setting}` to one of its own, or to 0.0.0.0:{} for all of them.",
                listen.port()
            ),
        ),
        // The server may be allowed what whoever asks is not.
        ErrorKind::PermissionDenied => Finding::warning(
            what,
            format!(
                "{port} was not tried, because this user may not listen there. Run `anteroom doctor` as the user that the \
                 server runs as, or choose a port above 1023 with `{setting}`."
            ),
        ),
        kind => Finding::bad(
            what,
            format!("{port} can't be listened on ({kind}). Choose another with `{setting}`."),
        ),
    }
}
