//! Which form of a sentence goes with a number: the cardinal plural rules of CLDR, in their own syntax
//! (<https://www.unicode.org/reports/tr35/tr35-numbers.html#Language_Plural_Rules>), for whole numbers.

use std::collections::BTreeMap;

/// The categories in the order in which the forms of a sentence are stored.
pub const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The rules of one language: for each category but `other`, the condition under which a number belongs to it.
#[derive(Clone, Debug, Default)]
pub struct Rules(Vec<(usize, Condition)>);

/// Any of these holds; each is several relations that all hold.
type Condition = Vec<Vec<Relation>>;

#[derive(Clone, Debug)]
struct Relation {
    operand: Operand,
    modulo: Option<u64>,
    equal: bool,
    ranges: Vec<(u64, u64)>,
}

#[derive(Clone, Copy, Debug)]
enum Operand {
    /// The number itself.
    Number,
    /// Of its decimals, or its exponent: nought for whole numbers.
    Nought,
}

impl Rules {
    /// Reads the rules by their categories. The error says which rule is not one.
    pub fn parse(rules: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut parsed = Vec::new();
        for (category, rule) in rules {
            let place = CATEGORIES
                .iter()
                .position(|known| known == category && *known != "other")
                .ok_or_else(|| format!("\"{category}\" is no plural category that has a rule"))?;
            let condition = condition(rule).ok_or_else(|| format!("the plural rule \"{rule}\" is not understood"))?;
            parsed.push((place, condition));
        }
        parsed.sort_by_key(|(place, _)| *place);
        Ok(Self(parsed))
    }

    /// The categories that this language has, as places in [`CATEGORIES`].
    pub fn categories(&self) -> Vec<usize> {
        let other = CATEGORIES.len() - 1;
        self.0.iter().map(|(place, _)| *place).chain([other]).collect()
    }

    /// Which of the language's categories, counted from nought, `number` belongs to.
    pub fn form(&self, number: u64) -> usize {
        let holds = |condition: &Condition| {
            condition
                .iter()
                .any(|all| all.iter().all(|relation| relation.holds(number)))
        };
        self.0
            .iter()
            .position(|(_, condition)| holds(condition))
            .unwrap_or(self.0.len())
    }
}

impl Relation {
    fn holds(&self, number: u64) -> bool {
        let value = match self.operand {
            Operand::Number => number,
            Operand::Nought => 0,
        };
        let value = self.modulo.map_or(value, |modulo| value % modulo);
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&value)) == self.equal
    }
}

fn condition(text: &str) -> Option<Condition> {
    text.split(" or ")
        .map(|all| all.split(" and ").map(relation).collect())
        .collect()
}

fn relation(text: &str) -> Option<Relation> {
    let (left, right, equal) = match text.split_once("!=") {
        Some((left, right)) => (left, right, false),
        None => text.split_once('=').map(|(left, right)| (left, right, true))?,
    };
    let (operand, modulo) = match left.split_once('%') {
        Some((operand, modulo)) => (operand, Some(modulo.trim().parse().ok().filter(|modulo| *modulo > 0)?)),
        None => (left, None),
    };
    let operand = match operand.trim() {
        "n" | "i" => Operand::Number,
        "v" | "w" | "f" | "t" | "c" | "e" => Operand::Nought,
        _ => return None,
    };
    let range = |text: &str| {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
    };
    let ranges = right.split(',').map(range).collect::<Option<_>>()?;
    Some(Relation {
        operand,
        modulo,
        equal,
        ranges,
    })
}
