//! The route table. Every route renders asynchronously: status and markup are final before the first byte leaves, and
//! the page is complete without scripts.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::components::NotFound;
use crate::pages::about::AboutPage;
use crate::pages::admin::accounts::{AccountPage as EditAccountPage, AccountsPage};
use crate::pages::admin::branches::{BranchPage, BranchesPage};
use crate::pages::admin::jobs::JobsPage;
use crate::pages::admin::services::{ServicePage, ServicesPage};
use crate::pages::admin::teams::TeamsPage;
use crate::pages::guest::check::CheckPage;
use crate::pages::guest::landing::LandingPage;
use crate::pages::guest::registration::RegistrationPage;
use crate::pages::session::set_up::SetUpPage;
use crate::pages::session::sign_in::SignInPage;
use crate::pages::staff::account::AccountPage;
use crate::pages::staff::dashboard::DashboardPage;
use crate::pages::staff::details::DetailsPage;
use crate::pages::staff::edit::EditPage;
use crate::pages::staff::guest::GuestPage;
use crate::pages::staff::list::ListPage;
use crate::pages::staff::room::RoomPage;
use crate::pages::staff::schedule::SchedulePage;
use crate::pages::staff::today::TodayPage;

#[component]
pub fn AppRoutes() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=|| view! { <NotFound /> }>
                <Route path=path!("/") view=TodayPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <Route path=path!("/setup") view=SetUpPage ssr=SsrMode::Async />
                <Route path=path!("/about") view=AboutPage ssr=SsrMode::Async />
                <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async />
                <Route path=path!("/dashboard") view=DashboardPage ssr=SsrMode::Async />
                <Route path=path!("/admin/branches") view=BranchesPage ssr=SsrMode::Async />
                <Route path=path!("/admin/branches/:id") view=BranchPage ssr=SsrMode::Async />
                <Route path=path!("/admin/services") view=ServicesPage ssr=SsrMode::Async />
                <Route path=path!("/admin/services/:id") view=ServicePage ssr=SsrMode::Async />
                <Route path=path!("/admin/accounts") view=AccountsPage ssr=SsrMode::Async />
                <Route path=path!("/admin/accounts/:id") view=EditAccountPage ssr=SsrMode::Async />
                <Route path=path!("/admin/teams") view=TeamsPage ssr=SsrMode::Async />
                <Route path=path!("/admin/jobs") view=JobsPage ssr=SsrMode::Async />
                <Route path=path!("/consultations") view=ListPage ssr=SsrMode::Async />
                <Route path=path!("/consultations/new") view=SchedulePage ssr=SsrMode::Async />
                <Route path=path!("/consultations/:id") view=DetailsPage ssr=SsrMode::Async />
                <Route path=path!("/consultations/:id/edit") view=EditPage ssr=SsrMode::Async />
                <Route path=path!("/consultations/:id/guests/:guest") view=GuestPage ssr=SsrMode::Async />
                <Route path=path!("/consultations/:id/room") view=RoomPage ssr=SsrMode::Async />
                <Route path=path!("/j/:secret") view=LandingPage ssr=SsrMode::Async />
                <Route path=path!("/r/:secret") view=RegistrationPage ssr=SsrMode::Async />
                <Route path=path!("/j/:secret/check") view=CheckPage ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}
