use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::ApiError;
use crate::api::guest::registration::{RegistrationPage as Data, show_registration};
use crate::components::{
    Button, ButtonKind, Card, Contact, FormErrors, GuestFrame, NotFound, Notice, Once, Page, PageWidth, TextField,
    TimeRange, Tone,
};
use crate::pages::Load;
use crate::paths;
use crate::words::Sentence as _;

/// `/r/<secret>`: a seat for whoever has the link.
#[component]
pub fn RegistrationPage() -> impl IntoView {
    let params = use_params_map();
    let secret = Memo::new(move |_| params.with(|params| params.get("secret").unwrap_or_default()));
    let data: Resource<Result<Option<Data>, ApiError>> =
        Resource::new_blocking(move || secret.get(), show_registration);
    let content = move |data: Option<Data>| match data {
        Some(data) => view! { <Register data secret=secret.get_untracked() /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    };
    view! { <Load data view=content /> }
}

#[component]
fn Register(data: Data, secret: String) -> impl IntoView {
    let Data { registration, returned } = data;
    let errors = returned.errors.clone();
    let lead = t!(guest::registration::lead {
        host: &registration.host,
        branch: &registration.branch
    });
    let form = if registration.closed.is_none() {
        view! {
            <Card title=t!(guest::registration::form_title)>
                <form class="form" method="post" action=paths::registration(&secret) novalidate>
                    <Once />
                    <TextField name="name" label=t!(guest::registration::name) value=returned.form.name error=errors.get("name") hint=t!(guest::registration::name_hint) autocomplete="name" maxlength=100 required=true />
                    <TextField name="email" label=t!(guest::registration::email) kind="email" value=returned.form.email error=errors.get("email") autocomplete="email" maxlength=320 required=true />
                    <OfBrowser />
                    <Button kind=ButtonKind::Primary large=true>{t!(guest::registration::register)}</Button>
                </form>
            </Card>
        }
        .into_any()
    } else {
        view! {
            <Notice tone=Tone::Info title=t!(guest::registration::closed_title)>
                {registration.closed.map(|closed| closed.sentence(crate::language::lang()))}
            </Notice>
        }
        .into_any()
    };
    let (of, contact, hours) = (registration.branch, registration.contact, registration.hours);
    let contact = view! { <Contact of contact hours /> }.into_any();
    view! {
        <GuestFrame contact>
            <Page title=registration.service lead=lead width=PageWidth::Narrow>
                <FormErrors errors=returned.errors />
                <p>
                    <TimeRange starts_at=registration.starts_at ends_at=registration.ends_at zone=registration.zone with_date=true with_zone=true />
                </p>
                <p>{t!(guest::registration::what_it_is)}</p>
                {form}
            </Page>
        </GuestFrame>
    }
}

/// What the browser knows of whoever registers, so that nobody has to be asked: the zone in which they read the time.
/// Without scripts it stays empty, and the branch's is taken.
#[component]
fn OfBrowser() -> impl IntoView {
    let zone = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    Effect::new(move || zone.set(crate::pages::own_zone().unwrap_or_default()));
    view! { <input type="hidden" name="zone" prop:value=zone /> }
}
