use crate::forms::GuestForm;
use anteroom_domain::language::LANGUAGES;
use leptos::prelude::*;

use crate::api::FormState;
use crate::components::{Choice, SelectField, TextField};
use crate::pages::{ZoneField, ZoneList};

/// The particulars of a guest, one more or one who is there already.
#[component]
pub fn GuestFields(returned: FormState<GuestForm>, now: jiff::Timestamp) -> impl IntoView {
    let FormState { form, errors, .. } = returned;
    let languages: Vec<Choice> = LANGUAGES.iter().map(|(tag, name)| Choice::new(*tag, *name)).collect();
    let language = match form.language.as_str() {
        "" => "en".to_owned(),
        language => language.to_owned(),
    };
    view! {
        <TextField name="name" label="Name" value=form.name error=errors.get("name") autocomplete="off" required=true />
        <div class="field-row">
            <TextField name="email" label="E-mail" kind="email" value=form.email error=errors.get("email") autocomplete="off" hint="This or a phone number." />
            <TextField name="phone" label="Phone" kind="tel" value=form.phone error=errors.get("phone") autocomplete="off" hint="This or an e-mail address. With the country code, like +49 30 1234567." />
        </div>
        <div class="field-row">
            <SelectField name="language" label="Language" choices=languages value=language error=errors.get("language") />
            <ZoneField name="zone" label="Guest's time zone" value=form.zone now hint="A city. Empty: as the time was agreed." error=errors.get("zone") />
        </div>
        <ZoneList />
    }
}
