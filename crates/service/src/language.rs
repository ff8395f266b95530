//! The language that somebody reads, where it is stored: with their account, or with the guest whose link they hold.

use anteroom_domain::account::Account;
use anteroom_domain::guest::Guest;
use anteroom_domain::value::Language;
use tracing::instrument;

use crate::{Actor, Error, Result, UseCases};

impl UseCases {
    /// The BCP 47 tag of the language that this actor reads. None: nothing is stored about it.
    pub async fn language(&self, actor: &Actor) -> Result<Option<String>> {
        match actor {
            Actor::Staff(staff) => Ok(staff.account().language.clone()),
            Actor::Link(_) => {
                let now = self.now();
                let invited = self.read(actor).await?.invitation(actor.link()?, now).await?;
                Ok(invited.map(|invited| invited.guest.language))
            }
            Actor::Participant(_) | Actor::System(_) => Ok(None),
        }
    }

    /// From now on this actor reads that language: somebody of staff on all their pages, a guest in what they are sent.
    #[instrument(skip_all)]
    pub async fn choose_language(&self, actor: &Actor, language: Language) -> Result<()> {
        let language = String::from(language);
        if self.language(actor).await?.as_ref() == Some(&language) {
            return Ok(());
        }
        let mut tx = self.begin(actor).await?;
        match actor {
            Actor::Staff(staff) => {
                let account = tx.account(staff.account().id).await?.ok_or(Error::NotFound)?;
                let language = Some(language);
                tx.save_account(&Account { language, ..account }).await?;
            }
            Actor::Link(_) => {
                let guest = tx.invitation().await?.guest;
                tx.save_guest(&Guest { language, ..guest }).await?;
            }
            Actor::Participant(_) | Actor::System(_) => return Err(Error::Forbidden),
        }
        tx.commit().await
    }
}
