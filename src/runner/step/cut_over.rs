//! Right before a failover: what was quiet and drained a while ago - before the waves before, before
//! an attempt that failed - must still be so.

use super::{drain, power, quiesce};
use crate::domain::run::End;
use crate::domain::{StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::Way;

const STEP: StepKind = StepKind::FailBack;

/// Sees that nothing is written and nothing is on its way, and brings that about again where it is
/// not. What is not as it should be comes back in words; `Err` is the end of the step.
pub(super) async fn quiet_and_drained(
    c: &Carrier<'_>,
    memory: &mut Memory,
) -> Way<Result<Vec<Text>, End>> {
    let Some((recovery, own)) = c.recovered() else {
        return Ok(Ok(Vec::new()));
    };
    // What a generation's service does itself its recipe leaves out.
    let holds = |wanted: StepKind| c.recipe.steps.iter().any(|step| step.kind() == wanted);
    let mut but = Vec::new();
    if !holds(StepKind::Quiesce) {
        return Ok(Ok(but));
    }
    let quiet = match memory.quiet {
        Some(quiet) => quiet,
        None => {
            let how = recovery.quiesce_of(own);
            match quiesce::make_quiet(c, STEP, how, memory).await? {
                End::Done => {}
                End::DoneBut(words) => but.extend(words),
                end => return Ok(Err(end)),
            }
            c.now()
        }
    };
    // Nothing is written on what is off; and that somebody decided about.
    if !holds(StepKind::Drain) || memory.undrained || memory.stopped_first || power::is_off(c).await
    {
        return Ok(Ok(but));
    }
    if memory.drained && drain::still_drained(c, STEP, quiet).await? {
        return Ok(Ok(but));
    }
    c.remark(
        STEP,
        format!(
            "{} is not drained any more: it is waited for again",
            c.name()
        ),
    )
    .await?;
    match drain::until_drained(c, STEP, &recovery.drain, quiet, memory).await? {
        End::Done => Ok(Ok(but)),
        End::DoneBut(words) => {
            but.extend(words);
            Ok(Ok(but))
        }
        end => Ok(Err(end)),
    }
}
