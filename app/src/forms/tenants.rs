use anteroom_domain::value::EntraId;
use anteroom_i18n::{Lang, text};

use super::FieldErrors;

/// Tenants, one a line or with commas between them.
pub fn parse_tenants(text: &str, lang: Lang) -> Result<Vec<EntraId>, FieldErrors> {
    let typed = text.split([',', '\n']).map(str::trim).filter(|line| !line.is_empty());
    typed
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|_| FieldErrors::one("tenants", text!(lang, admin::refusal::tenants)))
}
