use anteroom_domain::id::ConsultationId;
use anteroom_domain::time::{Span, day};
use anteroom_domain::view::{ConsultationDetails, ConsultationPage, Day, ListQuery};
use anteroom_domain::visit::Role;
use anteroom_protocol::staff_feed::StaffFeed;
use jiff::civil::Date;
use tracing::instrument;

use super::unusual::unusual;
use crate::port::UsageRow;
use crate::{Actor, Error, Result, UseCases};

impl UseCases {
    /// A consultation with everything that staff may see of it. [`Error::NotFound`] if there is none with this id, or
    /// if it is of a branch that this person does not see.
    #[instrument(skip_all, fields(consultation.id = %id))]
    pub async fn consultation(&self, actor: &Actor, id: ConsultationId) -> Result<ConsultationDetails> {
        actor.staff()?;
        let mut reads = self.read(actor).await?;
        let consultation = reads.consultation(id).await?;
        let usage = reads.teams_usage_of(id, self.now()).await?;
        // Its visits may lie in two of Azure's months.
        let usage = usage.into_iter().reduce(|sum, row| UsageRow {
            seconds: sum.seconds + row.seconds,
            messages: sum.messages + row.messages,
            ..sum
        });
        let usage = self.with_estimates(reads.reads(), Vec::from_iter(usage)).await?.pop();
        let foreign = self.foreign(reads.reads(), &consultation).await?;
        let guests = reads.guests(id).await?;
        let branch = reads.branch(consultation.branch).await?.ok_or(Error::NotFound)?;
        Ok(ConsultationDetails {
            usage,
            foreign,
            service: reads.service(consultation.service).await?.ok_or(Error::NotFound)?,
            unusual: unusual(&consultation, &branch, &guests),
            branch,
            host: reads.account(consultation.host).await?.ok_or(Error::NotFound)?,
            registrants_wait: guests
                .iter()
                .any(|guest| guest.role == Role::Attendee && guest.admission.keeps_out()),
            guests,
            history: reads.history(id).await?,
            links: reads.good_invitations(id, self.now()).await?,
            registration: reads.has_registration(id, self.now()).await?,
            version: reads.last_change(id).await?.map(|change| change.event),
            occupied: reads.visits(id).await?.iter().any(|visit| !visit.is_over()),
            consultation,
        })
    }

    /// A page of the list, within this person's branch whatever was asked for.
    #[instrument(skip_all)]
    pub async fn consultations(&self, actor: &Actor, query: ListQuery) -> Result<ConsultationPage> {
        let staff = actor.staff()?;
        let query = ListQuery {
            branch: staff.scope().or(query.branch),
            page: query.page.max(1),
            ..query
        };
        Ok(self.0.store.read_many().await?.consultations(&query).await?)
    }

    /// The day's consultations, in the zone of this person.
    #[instrument(skip_all)]
    pub async fn day(&self, actor: &Actor, date: Option<Date>) -> Result<Day> {
        let staff = actor.staff()?;
        let now = self.now();
        let zone = staff.account().zone.clone();
        let today = zone.at(now).date();
        let date = date.unwrap_or(today);
        let span: Span = day(date, &zone).ok_or(Error::NotFound)?;
        let rows = self.read(actor).await?.day(staff.scope(), span).await?;
        Ok(Day {
            me: staff.account().id,
            date,
            today,
            zone,
            rows,
            now,
        })
    }

    /// Who waits in a lobby of this person's branch, longest first and 200 at most; as of now, and of which event.
    #[instrument(skip_all)]
    pub async fn waiting(&self, actor: &Actor) -> Result<StaffFeed> {
        let staff = actor.staff()?;
        let mut reads = self.read(actor).await?;
        Ok(StaffFeed {
            waiting: reads.waiting(staff.scope()).await?,
            now: self.now(),
            newest: reads.newest_event().await?,
            heartbeat: false,
        })
    }
}
