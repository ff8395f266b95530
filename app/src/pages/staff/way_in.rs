use anteroom_domain::consultation::State;

/// What stands on the way into a room, and what a screen reader says of it: the same with whom it is about, for who can't see
/// which row it is in.
pub fn way_in(state: State, waiting: bool, whom: &str) -> (&'static str, String) {
    match state {
        _ if waiting => (t!(staff::today::admit), t!(staff::today::admit_whom { whom })),
        State::Live => (t!(staff::today::join_again), t!(staff::today::join_again_whom { whom })),
        _ => (t!(staff::today::join), t!(staff::today::join_whom { whom })),
    }
}
