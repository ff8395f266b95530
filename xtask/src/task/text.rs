use crate::Failure;
use crate::report::Report;
use crate::sentences::found;
use crate::workspace::Workspace;

pub fn text(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    report.step("sentences outside of the catalogue", |_| {
        let found = found(&workspace.root)?;
        if found.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "These stand in code, where no translator finds them. Put them into locales/en (docs/LANGUAGES.md):\n{}",
                found.join("\n")
            ))
        }
    })
}
