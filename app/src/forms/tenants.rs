use anteroom_domain::value::EntraId;

use super::FieldErrors;

/// Tenants, one a line or with commas between them.
pub fn parse_tenants(text: &str) -> Result<Vec<EntraId>, FieldErrors> {
    let typed = text.split([',', '\n']).map(str::trim).filter(|line| !line.is_empty());
    typed.map(str::parse).collect::<Result<_, _>>().map_err(|_| {
        FieldErrors::one(
            "tenants",
            "Enter tenant IDs such as 72f988bf-86f1-41af-91ab-2d7cd011db47, one a line.",
        )
    })
}
