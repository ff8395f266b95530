use anteroom_domain::id::BranchId;
use anteroom_domain::view::Choices;

use crate::components::Choice;

/// What the filters of a list offer. Where there are several branches, names say which one they belong to.
pub struct Offered {
    pub branches: Vec<Choice>,
    pub services: Vec<Choice>,
    pub hosts: Vec<Choice>,
}

impl Offered {
    pub fn of(choices: Choices) -> Self {
        let Choices {
            branches,
            services,
            hosts,
            teams: _,
        } = choices;
        let named = |name: String, branch: Option<BranchId>| {
            let several = 1 < branches.len();
            match branches.iter().find(|other| several && Some(other.id) == branch) {
                Some(branch) => t!(staff::offered::of_branch {
                    name,
                    branch: &branch.name
                }),
                None => name,
            }
        };
        let services = services
            .into_iter()
            .map(|service| Choice::new(service.id.to_string(), named(service.name, Some(service.branch))))
            .collect();
        let hosts = hosts
            .into_iter()
            .map(|host| Choice::new(host.id.to_string(), named(host.name, host.branch)))
            .collect();
        let branches = branches
            .into_iter()
            .map(|branch| Choice::new(branch.id.to_string(), branch.name))
            .collect();
        Self {
            branches,
            services,
            hosts,
        }
    }
}
