//! What a failure means for the person at the keyboard.

use crate::domain::{Failure, Retry, Text};

use super::error::{Distrust, Error, Kind, Sent, SignInProblem};
use super::retry::Intent;
use super::wire::ServiceError;

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let (what, advice, retry) = sentence(error);
        let mut failure = Self::new(what, advice, retry);
        if let Some(said) = service_words(&error.kind) {
            failure.code = said.code.as_str().into();
            failure.said = said.message.clone();
            failure.causes = said.causes.clone();
            failure.recommended = said.recommended.clone();
            failure.activity_id = said.activity_id.clone();
        }
        if failure.activity_id.is_empty()
            && let Some(correlation) = &error.correlation
        {
            failure.activity_id = correlation.as_str().into();
        }
        failure
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

fn service_words(kind: &Kind) -> Option<&ServiceError> {
    match kind {
        Kind::Refused { error, .. } => Some(error),
        Kind::SignIn(problem) => match problem.as_ref() {
            SignInProblem::Refused(error) => Some(error),
            _ => None,
        },
        _ => None,
    }
}

/// One sentence of what happened, one of what to do, and whether trying again can help.
fn sentence(error: &Error) -> (String, String, Retry) {
    let doing = &error.doing;
    let could_not = |why: &str| format!("Could not {doing}: {why}.");
    let (why, advice, retry) = match &error.kind {
        Kind::NameUnknown(host) => (
            format!("the name {host} cannot be resolved"),
            "Check the endpoint's spelling, DNS on this machine, and whether a proxy is needed.".to_owned(),
            Retry::MayHelp,
        ),
        Kind::Unreachable(host) => (
            format!("{host} cannot be reached"),
            "Check the network from this machine, the firewall (TCP 443), and whether a proxy is needed.".to_owned(),
            Retry::MayHelp,
        ),
        Kind::Proxy(host) => (
            format!("the proxy does not let the connection to {host} through"),
            format!("Ask whoever runs the proxy to allow CONNECT to {host}:443, or set another proxy for this site."),
            Retry::AfterFixing,
        ),
        Kind::Untrusted { host, why } => (
            format!("the certificate of {host} is not trusted: {why}"),
            distrust_advice(why).to_owned(),
            Retry::AfterFixing,
        ),
        Kind::NoTls(host) => (
            format!("{host} does not speak TLS as it should"),
            "Check the endpoint's port, and whether a proxy or firewall between breaks TLS.".to_owned(),
            Retry::AfterFixing,
        ),
        Kind::Timeout(after) => (
            format!("no answer within {} s", after.as_secs()),
            "Azure or the network is slow; try again.".to_owned(),
            Retry::MayHelp,
        ),
        Kind::Cut => (
            "the connection broke before the whole answer was there".to_owned(),
            "Try again; if it keeps happening, look at the proxy or firewall between.".to_owned(),
            Retry::MayHelp,
        ),
        Kind::TooLarge(most) => (
            format!("the answer is larger than {} MiB", most >> 20),
            "Such an answer is not read. Is this endpoint really Azure's?".to_owned(),
            Retry::AfterFixing,
        ),
        Kind::Garbage(why) => (
            format!("the answer cannot be understood: {why}"),
            "Is a proxy answering in Azure's place? If not, make a recording (--record FILE) and report it.".to_owned(),
            Retry::MayHelp,
        ),
        Kind::Redirected(host) => (
            format!("the service points to {}", if host.is_empty() { "another address" } else { host }),
            "The token of this site is not sent there. Check the endpoint of the site.".to_owned(),
            Retry::AfterFixing,
        ),
        Kind::Throttled(wait) => (
            format!("Azure is busy and asks to wait {} s", wait.as_secs()),
            "Wait that long and try again; fewer requests at once help (parallel, in the site's file).".to_owned(),
            Retry::MayHelp,
        ),
        Kind::SignIn(problem) => sign_in(problem),
        Kind::Refused { status, error } => refused(*status, error),
    };
    if error.sent == Sent::Unknown && error.intent == Intent::Change {
        let look =
            "The change may have been made all the same: look before sending again.".to_owned();
        return (could_not(&why), look, Retry::LookFirst);
    }
    (could_not(&why), advice, retry)
}

fn distrust_advice(why: &Distrust) -> &'static str {
    match why {
        Distrust::Issuer => {
            "If a proxy here inspects TLS, put its CA certificate (PEM) into the site's ca_file."
        }
        Distrust::Name => "The endpoint's name is wrong, or something answers in its place.",
        Distrust::Dates => {
            "Check this machine's clock (timedatectl); if it is right, the certificate must be renewed."
        }
        Distrust::Other(_) => "Do not go on before it is clear who answers here.",
    }
}

fn sign_in(problem: &SignInProblem) -> (String, String, Retry) {
    let fix = Retry::AfterFixing;
    match problem {
        SignInProblem::Secret(why) => (
            format!("the secret is not there: {why}"),
            "Set the environment variable, file or command that the site's profile names."
                .to_owned(),
            fix,
        ),
        SignInProblem::Source(why) => {
            let advice = if why.contains("az login") || why.contains("signed in") {
                "Run az login, then try again."
            } else {
                "Check how this site signs in, or choose another way."
            };
            (why.clone(), advice.to_owned(), fix)
        }
        SignInProblem::Refused(error) => {
            let (why, advice) = match error.code.as_str() {
                "AADSTS90002" | "AADSTS900023" => (
                    "the tenant does not exist",
                    "Check the tenant id of the site (Entra admin centre, Overview).",
                ),
                "AADSTS700016" => (
                    "the application is not known in this tenant",
                    "Check the client id and the tenant of the site: the app registration must live in that tenant.",
                ),
                "AADSTS7000215" => (
                    "the client secret is wrong",
                    "Use the secret's value, not its id; make a new one in the app registration if in doubt.",
                ),
                "AADSTS7000222" => (
                    "the client secret has expired",
                    "Make a new secret in the app registration.",
                ),
                "AADSTS53003" | "AADSTS530004" => (
                    "a conditional access policy forbids it",
                    "Ask your Entra administrator to allow this identity from this machine.",
                ),
                _ => (
                    "sign-in was refused",
                    "Check tenant, client id and secret of the site.",
                ),
            };
            (why.to_owned(), advice.to_owned(), fix)
        }
    }
}

fn refused(status: u16, error: &ServiceError) -> (String, String, Retry) {
    let fix = Retry::AfterFixing;
    let (why, advice, retry): (String, &str, Retry) = match (status, error.code.as_str()) {
        (401, _) => (
            "the token was not accepted".into(),
            "Check the tenant of the site, and this machine's clock (timedatectl).",
            fix,
        ),
        (403, _) => (
            "this identity has no role that allows it".into(),
            "Give it Site Recovery Reader on the vault to look, Site Recovery Operator to fail over and back (PIM: activate the role), then wait a few minutes.",
            fix,
        ),
        (404, "NotRecorded") => (
            "it was not recorded".into(),
            "The recording does not hold it.",
            fix,
        ),
        (404, "SubscriptionNotFound" | "InvalidSubscriptionId") => (
            "the subscription is not there".into(),
            "Check the subscription id of the site, and that this tenant holds it.",
            fix,
        ),
        (404, "ResourceGroupNotFound") => (
            "the resource group is not there".into(),
            "Check the resource group of the site.",
            fix,
        ),
        (404, _) => (
            "it is not there".into(),
            "Check the names of the site; refresh, it may just have changed.",
            fix,
        ),
        (409, _) => (
            "something else is being done with it".into(),
            "Wait until that is over, then look again.",
            Retry::MayHelp,
        ),
        (408 | 500.., _) => (
            format!("Azure has a problem of its own (HTTP {status})"),
            "Try again in a few minutes; status.azure.com tells of outages.",
            Retry::MayHelp,
        ),
        _ => (
            format!("Azure refuses it (HTTP {status})"),
            "Do what Azure recommends.",
            fix,
        ),
    };
    (why, advice.to_owned(), retry)
}

/// What a machine's clock tells about itself: `None` when it is near enough.
#[must_use]
pub fn clock_remark(ahead_seconds: i64) -> Option<Text> {
    let off = ahead_seconds.unsigned_abs();
    (off >= 120).then(|| {
        let way = if ahead_seconds > 0 { "behind" } else { "ahead of" };
        let span = crate::domain::size::span(i64::try_from(off).unwrap_or(i64::MAX));
        format!("this machine's clock is {span} {way} Azure's: set it (timedatectl), or sign-in will fail").into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_change_leaves_a_doubt_whatever_it_is_called_and_a_lost_read_none() {
        let lost = |doing: &str| Error::new(doing, Kind::Cut, Sent::Unknown);
        let change = Failure::from(lost("read nothing, commit").of(Intent::Change));
        assert_eq!(change.retry, Retry::LookFirst);
        let read = Failure::from(lost("look at the machine").of(Intent::Read));
        assert_eq!(read.retry, Retry::MayHelp);
    }
}
