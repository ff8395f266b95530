/// What a form offers to choose from, where nothing that it offers was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unchosen {
    Service,
    Host,
    /// Where one meeting takes place.
    Place,
    /// Where the meetings of a service take place.
    Places,
    Role,
    Branch,
}
