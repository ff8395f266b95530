use crate::forms::GuestForm;
use anteroom_i18n::KNOWN;
use leptos::prelude::*;

use crate::api::FormState;
use crate::components::{Choice, SelectField, TextField};
use crate::pages::{ZoneField, ZoneList};

/// The particulars of a guest, one more or one who is there already.
#[component]
pub fn GuestFields(returned: FormState<GuestForm>, now: jiff::Timestamp) -> impl IntoView {
    let FormState { form, errors, .. } = returned;
    let languages: Vec<Choice> = KNOWN.iter().map(|known| Choice::new(known.tag, known.name)).collect();
    let language = match form.language.as_str() {
        "" => crate::forms::likely_language(crate::language::lang()),
        language => language.to_owned(),
    };
    view! {
        <TextField name="name" label=t!(staff::guest::name) value=form.name error=errors.get("name") autocomplete="off" required=true />
        <div class="field-row">
            <TextField name="email" label=t!(staff::guest::email) kind="email" value=form.email error=errors.get("email") autocomplete="off" hint=t!(staff::guest::email_hint) />
            <TextField name="phone" label=t!(staff::guest::phone) kind="tel" value=form.phone error=errors.get("phone") autocomplete="off" hint=t!(staff::guest::phone_hint) />
        </div>
        <div class="field-row">
            <SelectField name="language" label=t!(staff::guest::language) choices=languages value=language error=errors.get("language") />
            <ZoneField name="zone" label=t!(staff::guest::zone) value=form.zone now hint=t!(staff::guest::zone_hint) error=errors.get("zone") />
        </div>
        <ZoneList />
    }
}
