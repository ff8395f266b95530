/// Which of Microsoft's clouds it plays. A token is for one service of one cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cloud {
    Public,
    UsGovernment,
}

impl Cloud {
    /// As Entra calls the ACS resource. In the public cloud the slash belongs to the name: the scope is this and
    /// `/.default`, with two of them.
    pub fn acs(self) -> &'static str {
        match self {
            Self::Public => "https://communication.azure.com/",
            Self::UsGovernment => "https://communication.azure.us",
        }
    }

    pub fn graph(self) -> &'static str {
        match self {
            Self::Public => "https://graph.microsoft.com",
            Self::UsGovernment => "https://graph.microsoft.us",
        }
    }
}
