//! Who is in the demo: a bank that there is not. Addresses are of domains that are reserved for examples (RFC 2606),
//! British numbers of the range that is kept for drama.

use anteroom_domain::time::OpeningHours;

/// What the organisation is called where its configuration does not say.
pub const ORGANISATION: &str = "Hazelbrook Bank";

#[derive(Debug)]
pub struct Branch {
    pub name: &'static str,
    pub zone: &'static str,
    pub phone: &'static str,
    pub email: &'static str,
    pub address: &'static str,
    pub services: &'static [Service],
    pub clerks: &'static [Person],
    pub guests: &'static [Guest],
}

#[derive(Debug)]
pub struct Service {
    pub name: &'static str,
    pub minutes: i64,
    pub buffer_before: i64,
    pub buffer_after: i64,
}

#[derive(Debug)]
pub struct Person {
    pub name: &'static str,
    pub email: &'static str,
}

#[derive(Debug)]
pub struct Guest {
    pub name: &'static str,
    /// An e-mail address or a telephone number.
    pub reach: &'static str,
    pub language: &'static str,
    /// Empty: that of the branch.
    pub zone: &'static str,
}

const fn person(name: &'static str, email: &'static str) -> Person {
    Person { name, email }
}

const fn guest(name: &'static str, reach: &'static str, language: &'static str) -> Guest {
    Guest {
        name,
        reach,
        language,
        zone: "",
    }
}

const fn guest_abroad(name: &'static str, reach: &'static str, language: &'static str, zone: &'static str) -> Guest {
    Guest {
        name,
        reach,
        language,
        zone,
    }
}

const fn service(name: &'static str, minutes: i64, buffer_before: i64, buffer_after: i64) -> Service {
    Service {
        name,
        minutes,
        buffer_before,
        buffer_after,
    }
}

/// Opening hours of both branches, and of everything that is not around now.
pub const HOURS: OpeningHours = OpeningHours {
    opens: 9 * 60,
    closes: 17 * 60,
};

/// Of the whole organisation.
pub const ADMIN: Person = person("Helena Baumann", "helena.baumann@example.org");
/// Of the second branch alone.
pub const BRANCH_ADMIN: Person = person("Daniel Wright", "daniel.wright@example.org");

pub static BRANCHES: [Branch; 2] = [
    Branch {
        name: "Zürich Bahnhofplatz",
        zone: "Europe/Zurich",
        phone: "044 555 01 00",
        email: "bahnhofplatz@hazelbrook.example",
        address: "Bahnhofplatz 14\n8001 Zürich",
        services: &[
            service("Mortgage advice", 60, 10, 10),
            service("Opening an account", 30, 0, 5),
            service("Investment review", 45, 5, 10),
        ],
        clerks: &[
            person("Anna Keller", "anna.keller@example.org"),
            person("Luca Bernasconi", "luca.bernasconi@example.org"),
            person("Miriam Frei", "miriam.frei@example.org"),
        ],
        guests: &[
            guest("Reto Ammann", "reto.ammann@example.com", "de"),
            guest("Ségolène Rochat", "segolene.rochat@example.com", "fr"),
            guest("Fatma Yıldız", "fatma.yildiz@example.com", "tr"),
            guest("Urs und Heidi Zumstein", "zumstein@example.net", "de"),
            guest("Giulia Rezzonico", "giulia.rezzonico@example.com", "it"),
            guest_abroad(
                "Peter Lindqvist",
                "peter.lindqvist@example.net",
                "en",
                "America/New_York",
            ),
            guest("Oksana Kovalenko", "oksana.kovalenko@example.com", "uk"),
            guest("Beat Gerber", "beat.gerber@example.com", "de"),
            guest("Nadia El Amrani", "nadia.elamrani@example.net", "fr"),
            guest("Tobias Wüthrich", "tobias.wuethrich@example.com", "de"),
            guest("Marta Zielińska", "marta.zielinska@example.com", "pl"),
            guest_abroad("Carmen Ortega Ruiz", "carmen.ortega@example.com", "es", "Europe/Madrid"),
            guest("Jean-Luc Favre", "jeanluc.favre@example.net", "fr"),
            guest("Selina Brunner", "selina.brunner@example.com", "de"),
        ],
    },
    Branch {
        name: "London Cheapside",
        zone: "Europe/London",
        phone: "020 7946 0100",
        email: "cheapside@hazelbrook.example",
        address: "120 Cheapside\nLondon EC2V 6BT",
        services: &[
            service("Mortgage advice", 60, 10, 10),
            service("Everyday banking", 30, 0, 5),
            service("Business banking", 45, 5, 10),
        ],
        clerks: &[
            person("Oliver Hughes", "oliver.hughes@example.org"),
            person("Priya Nair", "priya.nair@example.org"),
        ],
        guests: &[
            guest("Grace Adeyemi", "grace.adeyemi@example.com", "en"),
            guest("Tom Ashworth", "+447700900112", "en"),
            guest("Zofia Nowak", "zofia.nowak@example.com", "pl"),
            guest("Harriet Cole", "harriet.cole@example.net", "en"),
            guest("Imran Qureshi", "+447700900547", "en"),
            guest("Siân Pritchard", "sian.pritchard@example.com", "en"),
            guest_abroad("Callum McBride", "callum.mcbride@example.com", "en", "Asia/Dubai"),
            guest("Leila Haddad", "leila.haddad@example.com", "fr"),
            guest("Joyce Barnes", "+442079460233", "en"),
            guest("Kwame Mensah", "kwame.mensah@example.net", "en"),
            guest("Elena Petrova", "elena.petrova@example.com", "en"),
            guest("Brookfield Joinery Ltd", "accounts@brookfield.example", "en"),
        ],
    },
];

/// Every address that the demo makes an account for.
pub fn emails() -> impl Iterator<Item = &'static str> {
    let clerks = BRANCHES
        .iter()
        .flat_map(|branch| branch.clerks)
        .map(|clerk| clerk.email);
    [ADMIN.email, BRANCH_ADMIN.email].into_iter().chain(clerks)
}

pub const NOTES: [&str; 6] = [
    "",
    "Has sent the payslips ahead.",
    "Would like to see the fixed rate beside the variable one.",
    "Second appointment; the first was in the branch.",
    "Asked for plain language, please.",
    "Their adviser may listen in.",
];

pub const OUTCOMES: [&str; 6] = [
    "Offer goes out today; they decide within two weeks.",
    "Account opened, card ordered.",
    "Needs the land register extract; next appointment when it is there.",
    "Stays with the present allocation, review in a year.",
    "Not interested for now.",
    "Handed over to the specialist for trusts.",
];

pub const GUEST_REASONS: [&str; 4] = [
    "",
    "I can't get away from work that day.",
    "We have found another solution, thank you.",
    "I am ill, sorry.",
];

pub const STAFF_REASONS: [&str; 2] = [
    "Your adviser is ill today. We will call you to find another time.",
    "The papers have not arrived yet; we will be in touch when they have.",
];
