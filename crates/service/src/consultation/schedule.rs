use anteroom_domain::account::Account;
use anteroom_domain::consultation::{Consultation, ConsultationPlan, INVITATION_DAYS_AFTER};
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::guest::GuestTerms;
use anteroom_domain::id::{ConsultationId, GuestId};
use anteroom_domain::organisation::Service;
use anteroom_domain::refusal::{ClashTimes, ConsultationRefusal};
use anteroom_domain::time::{Need, Span, next_free};
use anteroom_domain::value::{MAX_BUFFER_MINUTES, MAX_MINUTES, Minutes};
use jiff::{SignedDuration, Timestamp};
use tracing::instrument;

use crate::port::{NewConsultation, NewGuest, Reads, StoreError};
use crate::{Actor, Error, Result, Secret, Staff, UseCases};

/// A consultation that is to be.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// When, what, with whom and where it is to be.
    pub plan: ConsultationPlan,
    /// The first guest. [`UseCases::add_guest`] invites more.
    pub guest: GuestTerms,
}

/// A confirmed consultation, and its guest's first link, which is shown once.
#[derive(Debug)]
pub struct Scheduled {
    /// The id of the new consultation.
    pub consultation: ConsultationId,
    /// The id of its guest.
    pub guest: GuestId,
    /// The secret of the guest's link. Only its hash is stored, so it can't be shown again.
    pub link: Secret,
}

/// How many other times are offered when the one that was asked for is taken.
const SUGGESTIONS: usize = 3;

impl UseCases {
    /// Stores the consultation, its guest, the guest's invitation and the events in one transaction. That the host is
    /// free is decided by the schema in that very write.
    #[instrument(skip_all)]
    pub async fn schedule(&self, actor: &Actor, command: Schedule) -> Result<Scheduled> {
        let staff = actor.staff()?;
        let now = self.now();
        let Schedule { plan, guest } = command;
        guest.check()?;
        if plan.starts_at < now - SignedDuration::from_mins(1) {
            return Err(ConsultationRefusal::TimePassed.into());
        }
        let link = self.secret();
        let mut tx = self.begin(actor).await?;
        let (service, host) = self.check_people(tx.reads(), staff, &plan, None).await?;
        let place = self.place(tx.reads(), &service, &host, &plan, None).await?;
        let ends_at = ends_at(&plan, &service);
        let id = self.draw_id();
        let new = NewConsultation {
            id,
            busy: busy(&service, plan.starts_at, ends_at),
            service: service.clone(),
            host: host.id,
            starts_at: plan.starts_at,
            ends_at,
            zone: plan.zone.clone(),
            notes: plan.notes.to_string(),
            engine: place.engine,
            meeting: place.meeting.clone(),
            webinar: place.webinar,
            created_by: staff.account().id,
            created_at: now,
        };
        match tx.add_consultation(&new).await {
            Err(StoreError::HostBusy) => {
                drop(tx);
                return Err(self.host_busy(&service, &host, &plan, None).await);
            }
            other => other?,
        }
        let scheduled = EventKind::Scheduled {
            starts_at: plan.starts_at,
            ends_at,
            branch: service.branch,
            service: service.id,
            host: host.id,
            engine: place.engine,
        };
        tx.record(NewEvent::of(now, id, scheduled)).await?;
        if place.meeting.is_some() {
            let set = EventKind::MeetingSet { made: false };
            tx.record(NewEvent::of(now, id, set)).await?;
        } else if self.provisions(place.engine) {
            tx.prepare_meeting(id, place.engine, host.id).await?;
        }
        let guest = NewGuest::invited(id, guest, &plan.zone, now);
        let guest = tx.add_guest(&guest).await?;
        tx.add_invitation(guest, &link.hash(), now, invitation_ends(ends_at))
            .await?;
        tx.record(NewEvent::of(now, id, EventKind::Invited).guest(Some(guest)))
            .await?;
        tx.commit().await?;
        Ok(Scheduled {
            consultation: id,
            guest,
            link,
        })
    }

    /// One of 2^53, all of which a script in a browser can hold: of two million, two are the same once in four thousand
    /// times. Then the write fails, and is asked for again.
    fn draw_id(&self) -> ConsultationId {
        let mut drawn = [0; 8];
        self.0.entropy.fill(&mut drawn);
        ConsultationId(i64::from_le_bytes(drawn) & ((1 << 53) - 1))
    }

    /// The service and the host exist, are in use, belong together, and are this person's to schedule. What a consultation
    /// has already, it may keep.
    pub(super) async fn check_people(
        &self,
        reads: &mut dyn Reads,
        staff: &Staff,
        plan: &ConsultationPlan,
        before: Option<&Consultation>,
    ) -> Result<(Service, Account)> {
        let kept = |service: &Service| before.is_some_and(|before| before.service == service.id);
        let service = reads
            .service(plan.service)
            .await?
            .filter(|service| (service.active || kept(service)) && staff.sees(service.branch));
        let keeps_host = before.is_some_and(|before| before.host == plan.host);
        let host = reads
            .account(plan.host)
            .await?
            .filter(|account| account.active || keeps_host);
        let mut refusals = Vec::new();
        if service.is_none() {
            refusals.push(ConsultationRefusal::UnknownService);
        }
        if let Some(service) = &service
            && !(keeps_host && host.is_some())
            && host.as_ref().and_then(|host| host.branch) != Some(service.branch)
        {
            refusals.push(ConsultationRefusal::HostOfOtherBranch);
        }
        match (service, host) {
            (Some(service), Some(host)) if refusals.is_empty() => Ok((service, host)),
            _ => Err(Error::Consultation(refusals)),
        }
    }

    /// The refusal, with what stands there and the next times that the host is free.
    pub(super) async fn host_busy(
        &self,
        service: &Service,
        host: &Account,
        plan: &ConsultationPlan,
        except: Option<ConsultationId>,
    ) -> Error {
        let found = async {
            let span = busy(service, plan.starts_at, ends_at(plan, service));
            let clash = self.0.store.read().await?.clash(plan.host, span, except).await?;
            Ok::<_, Error>((clash, self.free_times(service, plan, except).await?))
        };
        match found.await {
            Ok((clash, free)) => ConsultationRefusal::HostBusy {
                host: host.name.clone(),
                clash: clash.map(|clash| ClashTimes {
                    guest: clash.guest,
                    starts_at: clash.starts_at,
                    ends_at: clash.ends_at,
                    free_at: clash.free_at,
                    zone: plan.zone.clone(),
                }),
                free,
            }
            .into(),
            Err(error) => error,
        }
    }

    async fn free_times(
        &self,
        service: &Service,
        plan: &ConsultationPlan,
        except: Option<ConsultationId>,
    ) -> Result<Vec<Timestamp>> {
        let from = plan.starts_at.max(self.now());
        // What overlaps began at most the longest stretch before our own busy time does.
        let longest = i64::from(MAX_MINUTES + 2 * MAX_BUFFER_MINUTES);
        let span = Span {
            from: from - SignedDuration::from_mins(longest + i64::from(service.buffer_before)),
            until: from + SignedDuration::from_hours(15 * 24),
        };
        let mut reads = self.0.store.read().await?;
        let branch = reads.branch(service.branch).await?.ok_or(Error::NotFound)?;
        let taken = reads.busy(plan.host, span, except).await?;
        Ok(next_free(
            from,
            need(service, ends_at(plan, service).duration_since(plan.starts_at)),
            &taken,
            branch.hours,
            &branch.zone,
            SUGGESTIONS,
        ))
    }
}

/// Without a length of its own it is as long as its service.
pub(super) fn ends_at(plan: &ConsultationPlan, service: &Service) -> Timestamp {
    let minutes = plan.length.map_or(service.minutes, Minutes::get);
    plan.starts_at + SignedDuration::from_mins(i64::from(minutes))
}

pub(super) fn busy(service: &Service, starts_at: Timestamp, ends_at: Timestamp) -> Span {
    need(service, ends_at.duration_since(starts_at)).busy(starts_at)
}

fn need(service: &Service, length: SignedDuration) -> Need {
    Need {
        before: SignedDuration::from_mins(i64::from(service.buffer_before)),
        length,
        after: SignedDuration::from_mins(i64::from(service.buffer_after)),
    }
}

pub(crate) fn invitation_ends(ends_at: Timestamp) -> Timestamp {
    ends_at + SignedDuration::from_hours(24 * INVITATION_DAYS_AFTER)
}
