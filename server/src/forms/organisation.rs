use anteroom_app::api::Flash;
use anteroom_app::api::job::list::JobForm;
use anteroom_app::api::organisation::teams::{IdentityForm, TenantsForm};
use anteroom_app::forms::{AccountForm, BranchForm, NewAccountTerms, ServiceForm, parse_tenants};
use anteroom_app::paths;
use anteroom_app::words::NotDone;
use anteroom_domain::id::{AccountId, BranchId, ServiceId};
use anteroom_service::{Chosen, NewAccount, SaveAccount, SaveBranch, SaveService};
use axum::extract::State;
use axum::response::Response;

use super::{Asked, Form, Path, Signed, see_done};
use crate::state::AppState;

pub async fn add_branch(
    State(app): State<AppState>,
    Signed(actor): Signed,
    asked: Asked,
    Form(form): Form<BranchForm>,
) -> Response {
    let result: Result<_, NotDone> =
        async { Ok(app.use_cases.add_branch(&actor, form.parse(asked.lang)?).await?) }.await;
    asked
        .answer(&app, paths::BRANCHES, form, result, |_| {
            see_done(&app.site, paths::BRANCHES, Flash::Added)
        })
        .await
}

pub async fn save_branch(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path(id): Path<BranchId>,
    asked: Asked,
    Form(form): Form<BranchForm>,
) -> Response {
    let result: Result<_, NotDone> = async {
        let save = SaveBranch {
            branch: id,
            terms: form.parse(asked.lang)?,
        };
        Ok(app.use_cases.save_branch(&actor, save).await?)
    }
    .await;
    asked
        .answer(&app, &paths::branch(id), form, result, |()| {
            see_done(&app.site, paths::BRANCHES, Flash::Saved)
        })
        .await
}

pub async fn add_service(
    State(app): State<AppState>,
    Signed(actor): Signed,
    asked: Asked,
    Form(form): Form<ServiceForm>,
) -> Response {
    let result: Result<_, NotDone> =
        async { Ok(app.use_cases.add_service(&actor, form.parse(asked.lang)?).await?) }.await;
    asked
        .answer(&app, paths::SERVICES, form, result, |_| {
            see_done(&app.site, paths::SERVICES, Flash::Added)
        })
        .await
}

pub async fn save_service(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path(id): Path<ServiceId>,
    asked: Asked,
    Form(form): Form<ServiceForm>,
) -> Response {
    let result: Result<_, NotDone> = async {
        let save = SaveService {
            service: id,
            terms: form.parse(asked.lang)?,
        };
        Ok(app.use_cases.save_service(&actor, save).await?)
    }
    .await;
    asked
        .answer(&app, &paths::service(id), form, result, |()| {
            see_done(&app.site, paths::SERVICES, Flash::Saved)
        })
        .await
}

pub async fn add_account(
    State(app): State<AppState>,
    Signed(actor): Signed,
    asked: Asked,
    Form(form): Form<AccountForm>,
) -> Response {
    let result: Result<_, NotDone> = async {
        let NewAccountTerms { email, password, terms } = form.parse_new(asked.lang)?;
        let new = NewAccount::of(terms, email, password, Chosen::ForOwner);
        Ok(app.use_cases.create_account(&actor, new).await?)
    }
    .await;
    let shown = AccountForm {
        password: String::new(),
        ..form
    };
    asked
        .answer(&app, paths::ACCOUNTS, shown, result, |_| {
            see_done(&app.site, paths::ACCOUNTS, Flash::Added)
        })
        .await
}

pub async fn save_account(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path(id): Path<AccountId>,
    asked: Asked,
    Form(form): Form<AccountForm>,
) -> Response {
    let result: Result<_, NotDone> = async {
        let (terms, password) = form.parse_existing(asked.lang)?;
        let save = SaveAccount {
            account: id,
            terms,
            password,
        };
        Ok(app.use_cases.save_account(&actor, save).await?)
    }
    .await;
    let shown = AccountForm {
        password: String::new(),
        ..form
    };
    asked
        .answer(&app, &paths::account(id), shown, result, |()| {
            see_done(&app.site, paths::ACCOUNTS, Flash::Saved)
        })
        .await
}

pub async fn set_tenants(
    State(app): State<AppState>,
    Signed(actor): Signed,
    asked: Asked,
    Form(form): Form<TenantsForm>,
) -> Response {
    let result: Result<_, NotDone> = async {
        Ok(app
            .use_cases
            .set_tenants(&actor, parse_tenants(&form.tenants, asked.lang)?)
            .await?)
    }
    .await;
    asked
        .answer(&app, paths::TEAMS, form, result, |()| {
            see_done(&app.site, paths::TEAMS, Flash::Saved)
        })
        .await
}

pub async fn acknowledge_identity(
    State(app): State<AppState>,
    Signed(actor): Signed,
    asked: Asked,
    Form(form): Form<IdentityForm>,
) -> Response {
    let result = app.use_cases.acknowledge_identity(&actor, form.identity).await;
    asked
        .answer(&app, paths::TEAMS, form, result, |()| {
            see_done(&app.site, paths::TEAMS, Flash::Saved)
        })
        .await
}

pub async fn try_job_again(
    State(app): State<AppState>,
    Signed(actor): Signed,
    asked: Asked,
    Form(form): Form<JobForm>,
) -> Response {
    let result = app.use_cases.try_job_again(&actor, form.job).await;
    asked
        .answer(&app, paths::JOBS, form, result, |()| {
            see_done(&app.site, paths::JOBS, Flash::TriedAgain)
        })
        .await
}
