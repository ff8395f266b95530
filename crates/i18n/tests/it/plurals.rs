//! The plural rules of `locales/`, against those of ICU4X.

use anteroom_i18n::{Audience, LANGUAGES};
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules, PluralRulesOptions};

use crate::plural::{CATEGORIES, Rules};

#[test]
fn numbers_go_with_the_forms_that_cldr_says() {
    let numbers = || (0..=10_000_u64).chain([100_000, 1_000_000, 1_000_001, 2_000_000, 10_500_000]);
    for language in LANGUAGES.iter().filter(|language| !language.is_pseudo()) {
        let about: serde_json::Value = serde_json::from_str(language.packed(Audience::Guest)).unwrap();
        let rules = serde_json::from_value(about["plurals"].clone()).unwrap();
        let rules = Rules::parse(&rules).unwrap();
        let locale: Locale = language.tag.parse().unwrap();
        let cldr = PluralRules::try_new(locale.into(), PluralRulesOptions::default()).unwrap();
        for number in numbers() {
            let category = match cldr.category_for(usize::try_from(number).unwrap()) {
                PluralCategory::Zero => "zero",
                PluralCategory::One => "one",
                PluralCategory::Two => "two",
                PluralCategory::Few => "few",
                PluralCategory::Many => "many",
                PluralCategory::Other => "other",
            };
            let place = rules.categories()[rules.form(number)];
            assert_eq!(CATEGORIES[place], category, "{number} in {}", language.tag);
        }
        let mut known: Vec<usize> = cldr
            .categories()
            .map(|category| {
                CATEGORIES
                    .iter()
                    .position(|name| *name == format!("{category:?}").to_lowercase())
                    .unwrap()
            })
            .collect();
        known.sort_unstable();
        assert_eq!(rules.categories(), known, "{}", language.tag);
    }
}

#[test]
fn what_is_no_rule_is_refused() {
    for rule in ["n", "x = 1", "n = a", "n % 0 = 1", "n = 1..", ""] {
        let rules = [("one".to_owned(), rule.to_owned())].into();
        assert!(Rules::parse(&rules).is_err(), "{rule}");
    }
    for category in ["other", "several"] {
        let rules = [(category.to_owned(), "n = 1".to_owned())].into();
        assert!(Rules::parse(&rules).is_err(), "{category}");
    }
}
